package remote

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// refused is an address that must not be read, whatever the network is like.
type refused struct{ reason string }

func (r refused) Error() string { return r.reason }

func refusedf(format string, args ...any) error { return refused{fmt.Sprintf(format, args...)} }

func isRefused(err error) bool { return errors.As(err, &refused{}) }

// parseAddress parses an address and holds it against the list.
func parseAddress(allow []string, address string) (*url.URL, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, refused{"it is not an address"}
	}
	return u, checkAddress(allow, u)
}

// checkAddress says whether an address may be asked at all, by what is written
// in it. Where its name leads is looked at when it is dialled.
func checkAddress(allow []string, u *url.URL) error {
	host := strings.ToLower(u.Hostname())
	switch {
	case u.Scheme != "https" && u.Scheme != "http":
		return refusedf("%s: is not read", u.Scheme)
	case u.User != nil:
		return refused{"addresses with a user are not read"}
	case host == "":
		return refused{"it has no host"}
	case isOddNumber(host):
		return refusedf("%q is not how an IP address is written", host)
	}
	port, https := portOf(u), u.Scheme == "https"
	if !listed(allow, host, port, https) {
		if !https && listed(allow, host, "443", true) {
			return refused{"http is read only from hosts that are listed with a port; use https"}
		}
		return refusedf("%q is not a host that callboard.yaml allows", u.Host)
	}
	return nil
}

func portOf(u *url.URL) string {
	if p := u.Port(); p != "" {
		return p
	}
	if u.Scheme == "http" {
		return "80"
	}
	return "443"
}

// listed reports whether a pattern allows a host. One without a port allows
// https on its own port, and of loopback by name also http on its own.
func listed(allow []string, host, port string, https bool) bool {
	return slices.ContainsFunc(allow, func(pattern string) bool {
		name, onlyPort := splitPattern(pattern)
		switch {
		case onlyPort != "":
			return onlyPort == port && matches(name, host)
		case https:
			return port == "443" && matches(name, host)
		}
		return port == "80" && isLoopbackName(host) && matches(name, host)
	})
}

func matches(name, host string) bool {
	if suffix, wild := strings.CutPrefix(name, "*"); wild {
		return strings.HasPrefix(suffix, ".") && len(host) > len(suffix) && strings.HasSuffix(host, suffix)
	}
	return name == host
}

// listedItself reports whether a host is on the list by its own name, not by
// a wildcard.
func listedItself(allow []string, host, port string) bool {
	return slices.ContainsFunc(allow, func(pattern string) bool {
		name, onlyPort := splitPattern(pattern)
		return name == host && (onlyPort == "" || onlyPort == port)
	})
}

func splitPattern(pattern string) (name, port string) {
	pattern = strings.ToLower(pattern)
	if name, port, err := net.SplitHostPort(pattern); err == nil {
		return name, port
	}
	return pattern, ""
}

func isLoopbackName(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// isOddNumber reports whether a host is an IPv4 address in one of the forms
// that some resolvers understand and people do not: decimal, hexadecimal,
// octal or short (WHATWG URL, "ends in a number checker").
func isOddNumber(host string) bool {
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.Zone() != ""
	}
	last := strings.TrimSuffix(host, ".")
	last = last[strings.LastIndexByte(last, '.')+1:]
	hex, isHex := strings.CutPrefix(last, "0x")
	if isHex {
		return strings.Trim(hex, "0123456789abcdef") == ""
	}
	return last != "" && strings.Trim(last, "0123456789") == ""
}
