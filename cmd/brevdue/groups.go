package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"brevdue/internal/cli"
	"brevdue/internal/post"
	"brevdue/internal/sentence"
	"brevdue/internal/texts"
)

// groupsCommand is what is done with access groups.
type groupsCommand struct {
	List   listGroups  `cmd:"" help:"Vis adgangsgrupperne og deres rettigheder."`
	Add    addGroup    `cmd:"" help:"Opret en adgangsgruppe."`
	Change changeGroup `cmd:"" help:"Ret en gruppes navn, eller giv den andre rettigheder."`
	Remove removeGroup `cmd:"" help:"Fjern en gruppe uden medlemmer."`
}

// rightsGiven are rights with their scope, as they are typed: send, eller send:unit=borgerservice,kle=27.
type rightsGiven struct {
	Right []string `help:"Rettighed, eventuelt for en del: send eller send:unit=ID,kle=27,type=ID. Kan gives flere gange." placeholder:"RETTIGHED" sep:"none"`
}

func (x rightsGiven) grants() (post.Grants, error) {
	var grants post.Grants
	for _, text := range x.Right {
		name, scope, _ := strings.Cut(text, ":")
		g := post.Grant{Right: post.Right(name)}
		if !slices.Contains(post.Rights(), g.Right) {
			return nil, fmt.Errorf("der er ingen rettighed »%s«; se dem med: brevdue groups list", name)
		}
		for _, part := range strings.FieldsFunc(scope, func(r rune) bool { return r == ',' }) {
			switch key, value, _ := strings.Cut(part, "="); key {
			case "unit":
				g.Unit = value
			case "kle":
				g.KLE = value
			case "type":
				g.DocumentType = value
			default:
				return nil, fmt.Errorf("»%s«: en rettighed afgrænses med unit, kle eller type", part)
			}
		}
		grants = append(grants, g)
	}
	return grants, nil
}

func writeGrants(grants post.Grants) string {
	var all []string
	for _, g := range grants {
		text := string(g.Right)
		var scope []string
		for _, part := range [][2]string{{"unit", g.Unit}, {"kle", g.KLE}, {"type", g.DocumentType}} {
			if part[1] != "" {
				scope = append(scope, part[0]+"="+part[1])
			}
		}
		if len(scope) > 0 {
			text += ":" + strings.Join(scope, ",")
		}
		all = append(all, text)
	}
	return strings.Join(all, " ")
}

type listGroups struct{ ofOrganization }

// Run prints the groups.
func (x *listGroups) Run(ctx context.Context, e *cli.Env) error {
	return x.administer(ctx, e, func(a post.Administration, who post.Caller) error {
		all, err := a.Access(ctx, who)
		if err != nil {
			return err
		}
		var text strings.Builder
		for _, g := range all.Groups {
			fmt.Fprintf(&text, "%s  %s (%d)  %s\n", g.ID, texts.Of(g.Name), all.Members(g.ID), writeGrants(g.Grants))
		}
		return e.Print(cli.GroupsJSON(all), strings.TrimSuffix(text.String(), "\n"))
	})
}

type addGroup struct {
	ofOrganization
	rightsGiven
	Name string `arg:"" help:"Gruppens navn."`
}

// Run makes a group.
func (x *addGroup) Run(ctx context.Context, e *cli.Env) error {
	grants, err := x.grants()
	if err != nil {
		return err
	}
	return x.put(ctx, e, post.AccessGroup{Name: sentence.Of("typed", x.Name), Grants: grants})
}

func (x ofOrganization) put(ctx context.Context, e *cli.Env, g post.AccessGroup) error {
	return x.administer(ctx, e, func(a post.Administration, who post.Caller) error {
		return putGroup(ctx, e, a, who, g)
	})
}

func putGroup(ctx context.Context, e *cli.Env, a post.Administration, who post.Caller, g post.AccessGroup) error {
	g, err := a.PutGroup(ctx, who, g)
	if err != nil {
		return err
	}
	return e.Print(cli.GroupJSON(g), fmt.Sprintf("%s  %s  %s", g.ID, texts.Of(g.Name), writeGrants(g.Grants)))
}

type changeGroup struct {
	ofOrganization
	rightsGiven
	ID   string `arg:"" help:"Gruppens id."`
	Name string `help:"Nyt navn."`
}

// Run changes a group. Rights that are given take the place of those that it had.
func (x *changeGroup) Run(ctx context.Context, e *cli.Env) error {
	grants, err := x.grants()
	if err != nil {
		return err
	}
	return x.administer(ctx, e, func(a post.Administration, who post.Caller) error {
		all, err := a.Access(ctx, who)
		if err != nil {
			return err
		}
		g := post.AccessGroup{ID: x.ID, Name: sentence.Of("typed", x.Name), Grants: grants}
		if is, err := all.Group(x.ID); err == nil {
			if x.Name == "" {
				g.Name = is.Name
			}
			if len(x.Right) == 0 {
				g.Grants = is.Grants
			}
		}
		return putGroup(ctx, e, a, who, g)
	})
}

type removeGroup struct {
	ofOrganization
	ID string `arg:"" help:"Gruppens id."`
}

// Run removes a group.
func (x *removeGroup) Run(ctx context.Context, e *cli.Env) error {
	return x.administer(ctx, e, func(a post.Administration, who post.Caller) error {
		if err := a.RemoveGroup(ctx, who, x.ID); err != nil {
			return err
		}
		return e.Print(map[string]string{}, "Gruppen er fjernet.")
	})
}

// keysCommand is what is done with API keys.
type keysCommand struct {
	List  listKeys `cmd:"" help:"Vis API-nøglerne."`
	Add   addKey   `cmd:"" help:"Lav en API-nøgle. Den vises én gang."`
	Close closeKey `cmd:"" help:"Luk en API-nøgle fra nu af."`
}

func writeKey(k post.Key) string {
	text := fmt.Sprintf("%s  %s  %s", k.ID, k.Name, writeGrants(k.Grants))
	if k.Maker != "" {
		text += "  lavet af " + k.Maker
	}
	if len(k.From) > 0 {
		text += "  fra " + strings.Join(k.From, ", ")
	}
	if !k.Closed.IsZero() {
		text += "  lukket " + k.Closed.In(post.Denmark()).Format("2006-01-02 15:04")
	}
	return text
}

type listKeys struct{ ofOrganization }

// Run prints the keys.
func (x *listKeys) Run(ctx context.Context, e *cli.Env) error {
	return x.administer(ctx, e, func(a post.Administration, who post.Caller) error {
		all, err := a.Keys(ctx, who)
		if err != nil {
			return err
		}
		var lines []string
		for _, k := range all {
			lines = append(lines, writeKey(k))
		}
		return e.Print(cli.KeysJSON(all), strings.Join(lines, "\n"))
	})
}

type addKey struct {
	ofOrganization
	rightsGiven
	Name string   `arg:"" help:"Programmet, der bruger nøglen."`
	From []string `help:"Adresse eller net, den må bruges fra; kan gives flere gange." placeholder:"NET"`
}

// Run makes a key.
func (x *addKey) Run(ctx context.Context, e *cli.Env) error {
	grants, err := x.grants()
	if err != nil {
		return err
	}
	return x.administer(ctx, e, func(a post.Administration, who post.Caller) error {
		created, err := a.AddKey(ctx, who, post.Key{Name: x.Name, Grants: grants, From: x.From})
		if err != nil {
			return err
		}
		return e.Print(cli.KeyJSON(created), writeKey(created.Key)+"\nNøgle: "+created.Secret+
			" (vises kun denne ene gang)")
	})
}

type closeKey struct {
	ofOrganization
	ID string `arg:"" help:"Nøglens id i listen."`
}

// Run closes a key.
func (x *closeKey) Run(ctx context.Context, e *cli.Env) error {
	return x.administer(ctx, e, func(a post.Administration, who post.Caller) error {
		k, err := a.CloseKey(ctx, who, x.ID)
		if err != nil {
			return err
		}
		return e.Print(cli.KeyJSON(post.CreatedKey{Key: k}), writeKey(k))
	})
}
