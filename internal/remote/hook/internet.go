package hook

import (
	"context"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// internet are the ranges that addresses on the open internet are of. Mapped, compatible and translated IPv4, unique
// and link local, site local, NAT64 and multicast of IPv6 are all outside 2000::/3.
var internet = prefixes("0.0.0.0/0 2000::/3")

// special are ranges within it that lead elsewhere: what IANA's special-purpose registries hold of IPv4 and IPv6
// (RFC 6890 and those after it), multicast, and what was 6to4's relay.
var special = prefixes("0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 " +
	"192.0.0.0/24 192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 " +
	"198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 " +
	"2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20")

func prefixes(text string) (all []netip.Prefix) {
	for _, p := range strings.Fields(text) {
		all = append(all, netip.MustParsePrefix(p))
	}
	return all
}

// open reports whether an address is on the open internet.
func open(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	return within(internet, a) && !within(special, a)
}

func within(ranges []netip.Prefix, a netip.Addr) bool {
	for _, p := range ranges {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// lookupTime is how long a name may take to be found when an address is checked.
const lookupTime = 3 * time.Second

// Check refuses an address that hooks could never be sent to. A name that is not found now may be later: every delivery
// looks again.
func (c *Client) Check(ctx context.Context, address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" {
		return errNotHTTPS
	}
	host := strings.TrimSuffix(u.Hostname(), ".")
	if a, err := netip.ParseAddr(host); err == nil {
		return orPrivate(open(a))
	}
	last := host[strings.LastIndexByte(host, '.')+1:]
	if last == "" || last[0] >= '0' && last[0] <= '9' || strings.EqualFold(last,
		"localhost") { // 0x7f.1 and its like are addresses, too
		return ErrPrivate
	}
	ctx, done := context.WithTimeout(ctx, lookupTime)
	defer done()
	found, _ := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	for _, a := range found {
		if !open(a) {
			return ErrPrivate
		}
	}
	return nil
}

func orPrivate(is bool) error {
	if !is {
		return ErrPrivate
	}
	return nil
}
