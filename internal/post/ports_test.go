package post_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"brevdue/internal/post/posttest"
)

// acrossOrganizations are the methods of ports that take an id and no organization, each with the reason why it needs
// none. All other ones are asked by an organization that owns nothing (posttest.Foreign).
var acrossOrganizations = map[string]string{
	"AllLetters.GetAny":                      "says so in its name",
	"AllLetters.ReadAny":                     "says so in its name",
	"AllLetters.ChangeAny":                   "says so in its name",
	"AllShipments.GetAny":                    "says so in its name",
	"Organizations.Organization":             "the id is that of the organization",
	"Channel.Find":                           "Digital Post's own id, under the certificate of who asks",
	"Channel.RemoveReceipts":                 "Digital Post's own ids, under the certificate of who asks",
	"MassChannel.Seen":                       "Digital Post's own ids, under the certificate of who asks",
	"Containers.Container":                   "asked for another organization's in posttest's containers",
	"Archive.Find":                           "the case was found for an organization, in an archive of its own",
	"Transfers.Transfers":                    "asked for another organization's in posttest's transfers",
	"Transfers.ChangeTransfer":               "asked for another organization's in posttest's transfers",
	"Transfers.ChangeTransferCase":           "asked for another organization's in posttest's transfers",
	"ArchiveReading.ArchivedCase":            "a command: it is checked for its caller's organization",
	"ArchiveExports.ExportCase":              "a command: it is checked for its caller's organization",
	"ArchiveReading.VerifyArchive":           "a command: it is checked for its caller's organization",
	"Checks.Check":                           "asked for another organization's in posttest's checks",
	"Prober.Probe":                           "the id is that of the organization",
	"LookUps.LookUp":                         "asked for another organization's in posttest's checks",
	"Register.Enrollments":                   "the id is that of the organization",
	"RecipientLists.RecipientList":           "asked for another organization's in posttest's recipientLists",
	"RecipientLists.RecipientLists":          "the id is that of the organization",
	"RecipientLists.RemoveRecipientList":     "asked for another organization's in posttest's recipientLists",
	"RecipientListCommands.RemoveRecipients": "a command: it is checked for its caller's organization",
	"RecipientListCommands.Recipients":       "a command: it is checked for its caller's organization",
	"RehearsalCommands.Rehearse":             "a command: it is checked for its caller's organization",
	"LookUpCommands.LookUpRecipients":        "a command: it is checked for its caller's organization",
	"Mailbox.Fetch":                          "Digital Post's own id, under the certificate of who asks",
	"Mailbox.Confirm":                        "Digital Post's own id, under the certificate of who asks",
	"Objects.Copy":                           "the key is made by whoever has read the letter",
	"Objects.Release":                        "the keys are made by whoever has read the shipment",
	"Uploads.Has":                            "the key begins with the organization",
	"Uploads.First":                          "the key begins with the organization",
	"OrganizationChanges.ChangeOrganization": "the id is that of the organization",
	"Operation.ChangeOrganization":           "the id is that of the organization",
	"Accesses.Access":                        "the id is that of the organization",
	"Accesses.ChangeAccess":                  "the id is that of the organization",
	"Keys.Keys":                              "the id is that of the organization",
	"Keys.CloseKey":                          "asked for another organization's in posttest's apiKeys",
	"Keys.AddKey":                            "it says whose in the key",
	"DayCounts.Count":                        "asked for another organization's in posttest's dayCounts",
	"DayCounts.WouldCount":                   "asked for another organization's in posttest's dayCounts",
	"LegalChannel.LegallyNotified":           "Digital Post's own ids, under the certificate of who asks",
	"RightsNow.MayNow":                       "asked for another organization's in posttest's rightsNow",
	"Proposals.Proposal":                     "asked for another organization's in posttest's proposals",
	"Proposals.Proposals":                    "the id is that of the organization",
	"Proposals.DropProposal":                 "the letter lies under the organization",
	"KeyAdministration.CloseKey":             "a command: it is checked for its caller's organization",
	"UserAdministration.NewCode":             "a command: it is checked for its caller's organization",
	"UserAdministration.CloseUser":           "a command: it is checked for its caller's organization",
	"FactorAdministration.RemoveFactors":     "a command: it is checked for its caller's organization",
	"GroupAdministration.RemoveGroup":        "a command: it is checked for its caller's organization",
	"ApprovalCommands.Approve":               "a command: it is checked for its caller's organization",
	"ApprovalCommands.Decline":               "a command: it is checked for its caller's organization",
	"CorrectionApprovals.ApproveCorrection":  "a command: it is checked for its caller's organization",
	"CorrectionApprovals.DeclineCorrection":  "a command: it is checked for its caller's organization",
	"SplitProgresses.PutProgress":            "it is written by the split itself",
	"SplitProgresses.Progress":               "asked for another organization's in posttest's splitProgress",
	"LogReading.OtherwiseNamed":              "asked for another organization's in stage/archive's TestOtherwiseNamed",
	"SavedFilters.PutFilter":                 "it writes the user's own",
	"SavedFilters.Filters":                   "asked for another user's in posttest's savedFilters",
	"SavedFilters.RemoveFilter":              "asked for another user's in posttest's savedFilters",
	"Users.UserOf":                           "the id is that of the organization",
	"Users.Users":                            "the id is that of the organization",
	"Operation.NewAccess":                    "the id is that of the organization",
	"Ways.Way":                               "the id is that of the organization",
	"Stops.Stop":                             "the id is that of the organization",
	"Stops.Start":                            "the id is that of the organization",
	"Deliveries.Digest":                      "the id is that of the organization",
	"Profiles.PutProfile":                    "it writes the organization's own",
	"FilingPlans.PutFilingPlan":              "it writes the organization's own",
	"Requests.Finish":                        "only whoever has begun the request finishes it",
	"Links.Download":                         "the object was read for an organization, which the link names",
	"Links.Preview":                          "the object was read for an organization, which the link names",
	"ShipmentCommands.Edit":                  "a command: it is checked for its caller's organization",
	"ShipmentCommands.Send":                  "a command: it is checked for its caller's organization",
	"ShipmentCommands.Undo":                  "a command: it is checked for its caller's organization",
	"ShipmentCommands.Cancel":                "a command: it is checked for its caller's organization",
	"PauseCommands.Pause":                    "a command: it is checked for its caller's organization",
	"PauseCommands.Continue":                 "a command: it is checked for its caller's organization",
	"ProfileCommands.RemoveProfile":          "a command: it is checked for its caller's organization",
	"Readers.OfUser":                         "a command: it asks for its caller's organization",
	"Remedies.Correct":                       "a command: it is checked for its caller's organization",
	"Remedies.Replay":                        "a command: it is checked for its caller's organization",
	"Remedies.StopBulk":                      "a command: it is checked for its caller's organization",
	"Remedies.Dismiss":                       "a command: it is checked for its caller's organization",
	"OrganizationCommands.Stop":              "a command: it is checked for its caller's organization",
	"OrganizationCommands.Unsubscribe":       "a command: it is checked for its caller's organization",
}

// TestEveryPortNamesTheOrganization lists the methods of all ports that take an id. Each is asked for another
// organization's, or says why it acts across organizations; nobody forgets either.
func TestEveryPortNamesTheOrganization(t *testing.T) {
	found := map[string]bool{}
	for name, m := range portMethods(t) {
		if !takesID(m) {
			continue
		}
		found[name] = true
		_, asked := posttest.Foreign[name]
		if _, across := acrossOrganizations[name]; asked == across {
			t.Errorf("%s takes an id: asked for another organization's %v, acts across them %v", name, asked, across)
		}
	}
	for _, name := range slices.Concat(slices.Collect(maps.Keys(posttest.Foreign)),
		slices.Collect(maps.Keys(acrossOrganizations))) {
		if !found[name] {
			t.Errorf("%s is no method of a port that takes an id", name)
		}
	}
}

// takesID reports whether a method takes a text, the id of a letter, or a filter that callers make of ids, by itself or
// in a list.
func takesID(m *ast.FuncType) bool {
	for _, p := range m.Params.List {
		typ := p.Type
		switch list := typ.(type) {
		case *ast.ArrayType:
			typ = list.Elt
		case *ast.Ellipsis:
			typ = list.Elt
		}
		name, ok := typ.(*ast.Ident)
		if ok && slices.Contains([]string{"string", "LetterID", "FailureFilter"}, name.Name) {
			return true
		}
	}
	return false
}

// portMethods returns the methods of all interfaces of the package.
func portMethods(t *testing.T) map[string]*ast.FuncType {
	t.Helper()
	files, err := filepath.Glob("*.go")
	posttest.Check(t, err)
	methods := map[string]*ast.FuncType{}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		posttest.Check(t, err)
		addMethods(methods, file)
	}
	return methods
}

func addMethods(methods map[string]*ast.FuncType, file *ast.File) {
	ast.Inspect(file, func(n ast.Node) bool {
		port, ok := n.(*ast.TypeSpec)
		if !ok {
			return true
		}
		if i, ok := port.Type.(*ast.InterfaceType); ok {
			for _, m := range i.Methods.List {
				if f, ok := m.Type.(*ast.FuncType); ok {
					methods[port.Name.Name+"."+m.Names[0].Name] = f
				}
			}
		}
		return true
	})
}
