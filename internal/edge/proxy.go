package edge

import (
	"crypto/tls"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"brevdue/internal/sentence"
)

// Proxies are the addresses of reverse proxies whose word is taken for whom a request comes from, and whether the
// browser spoke TLS.
type Proxies []netip.Prefix

// ParseProxies reads addresses and networks.
func ParseProxies(texts []string) (Proxies, error) {
	var all Proxies
	for _, text := range texts {
		p, err := netip.ParsePrefix(text)
		if a, one := netip.ParseAddr(text); one == nil {
			p, err = netip.PrefixFrom(a, a.BitLen()), nil
		}
		if err != nil {
			return nil, sentence.Of("not-a-network", text)
		}
		all = append(all, p.Masked())
	}
	return all, nil
}

// Trust reports whether an address is that of a trusted proxy.
func (p Proxies) Trust(a netip.Addr) bool {
	return slices.ContainsFunc(p, func(one netip.Prefix) bool { return one.Contains(a) })
}

// addressOf returns the address of host:port, or the zero Addr.
func addressOf(hostPort string) netip.Addr {
	host, _, err := net.SplitHostPort(hostPort)
	if err != nil {
		host = hostPort
	}
	a, _ := netip.ParseAddr(host) // the zero Addr is nobody's
	return a.Unmap().WithZone("")
}

// Follow gives handlers the client's address and scheme where a trusted proxy says them. Nobody else is listened to.
func (p Proxies) Follow(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p.Trust(addressOf(r.RemoteAddr)) {
			if client := p.client(r.Header.Values("X-Forwarded-For")); client.IsValid() {
				r.RemoteAddr = net.JoinHostPort(client.String(), "0")
			}
			if lastOf(r.Header.Values("X-Forwarded-Proto")) == "https" && r.TLS == nil {
				r.TLS = &tls.ConnectionState{} // the proxy ends it
			}
		}
		next.ServeHTTP(w, r)
	})
}

// client is the last address of the chain that is not a proxy of ours: what stands before it, anybody may have written.
func (p Proxies) client(chain []string) netip.Addr {
	hops := strings.Split(strings.Join(chain, ","), ",")
	for _, hop := range slices.Backward(hops) {
		a := addressOf(strings.TrimSpace(hop))
		if !p.Trust(a) {
			return a
		}
	}
	return netip.Addr{}
}

// lastOf returns the last of a list: it is from the proxy nearest to us.
func lastOf(values []string) string {
	all := strings.Split(strings.Join(values, ","), ",")
	return strings.ToLower(strings.TrimSpace(all[len(all)-1]))
}
