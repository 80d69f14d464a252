package remote

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"
	"syscall"
)

// dialer connects to listed hosts after looking at the address behind the
// name. It looks at the very address it dials, so that a name which resolves
// differently a moment later (DNS rebinding) gains nothing.
type dialer struct {
	allow []string
	// resolve looks a name up; nil means the system's resolver.
	resolve func(ctx context.Context, host string) ([]netip.Addr, error)
}

func (d *dialer) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	host = strings.ToLower(host)
	ips, err := d.lookup(ctx, host)
	if err != nil {
		return nil, err
	}
	itself := listedItself(d.allow, host, port)
	for _, ip := range ips {
		if err := checkIP(ip, itself); err != nil {
			return nil, err
		}
	}
	plain := net.Dialer{Timeout: connectTime, Control: func(_, dialled string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(dialled)
		if err != nil {
			return err
		}
		return checkIP(at.Addr(), itself)
	}}
	var failure error
	for _, ip := range ips {
		conn, err := plain.DialContext(ctx, network, net.JoinHostPort(ip.String(), port))
		if err == nil {
			return conn, nil
		}
		failure = errors.Join(failure, err)
	}
	return nil, failure
}

func (d *dialer) lookup(ctx context.Context, host string) ([]netip.Addr, error) {
	if ip, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{ip}, nil
	}
	resolve := d.resolve
	if resolve == nil {
		resolve = func(ctx context.Context, host string) ([]netip.Addr, error) {
			return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
		}
	}
	ips, err := resolve(ctx, host)
	if err == nil && len(ips) == 0 {
		err = &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	return ips, err
}

func prefixes(list ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(list))
	for i, s := range list {
		out[i] = netip.MustParsePrefix(s)
	}
	return out
}

var (
	// never are addresses that no host on the web has: this network, the
	// metadata services of clouds, broadcast, multicast, reserved and
	// tunnelled ranges (IANA special-purpose address registries).
	never = prefixes(
		"0.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "224.0.0.0/4", "240.0.0.0/4",
		"100.100.100.200/32", "168.63.129.16/32",
		"::/128", "fe80::/10", "ff00::/8", "fd00:ec2::/32", "fd20:ce::/32", "100::/64", "2001::/32",
	)
	// inside are addresses of the machine itself and of networks that are
	// nobody else's.
	inside = prefixes(
		"127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "198.18.0.0/15",
		"::1/128", "fc00::/7", "fec0::/10",
	)
	nat64   = netip.MustParsePrefix("64:ff9b::/96")   // RFC 6052
	local64 = netip.MustParsePrefix("64:ff9b:1::/48") // RFC 8215
	sixTo4  = netip.MustParsePrefix("2002::/16")      // RFC 3056
)

// checkIP says whether an address may be dialled. itself means that the host
// is on the list by its own name.
func checkIP(ip netip.Addr, itself bool) error {
	ip = embedded(ip.Unmap().WithZone(""))
	for _, p := range never {
		if p.Contains(ip) {
			return refusedf("the host leads to the address %s, which is never read from", ip)
		}
	}
	for _, p := range inside {
		if p.Contains(ip) && !itself {
			return refusedf("the host leads to the private address %s; list the host by its own name to allow that", ip)
		}
	}
	return nil
}

// embedded returns the IPv4 address that an IPv6 address stands for.
func embedded(ip netip.Addr) netip.Addr {
	b := ip.As16()
	switch {
	case nat64.Contains(ip) || local64.Contains(ip):
		return netip.AddrFrom4([4]byte(b[12:16]))
	case sixTo4.Contains(ip):
		return netip.AddrFrom4([4]byte(b[2:6]))
	}
	return ip
}
