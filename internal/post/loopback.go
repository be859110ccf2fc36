package post

import "net/netip"

// Loopback reports whether a host is this machine: what is said to it is said to nobody else, and needs no https.
func Loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}
