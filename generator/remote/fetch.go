package remote

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// The reasons why a host gave no answer, in words that carry no port, time or
// anything else that is different in every build.
var (
	errNoHost   = errors.New("there is no host of that name")
	errSilent   = errors.New("the host does not answer")
	errSlow     = errors.New("the host takes too long")
	errBroken   = errors.New("the answer is damaged")
	errTooLarge = fmt.Errorf("the answer is larger than %d MiB", maxBytes>>20)
)

// statusError is an answer other than the file.
type statusError int

func (s statusError) Error() string {
	return fmt.Sprintf("the host answers %d %s", int(s), http.StatusText(int(s)))
}

// isPassing reports whether a failure says nothing about the file itself, so
// that an earlier copy may stand in for it.
func isPassing(err error) bool {
	var status statusError
	if errors.As(err, &status) {
		return status == http.StatusTooManyRequests || status >= 500
	}
	return !isRefused(err) && !errors.Is(err, errTooLarge)
}

func (r *Reader) newTransport() *http.Transport {
	return &http.Transport{
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			return r.dialer.dial(ctx, network, address)
		},
		TLSClientConfig:     &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout: connectTime, ResponseHeaderTimeout: answerTime, IdleConnTimeout: answerTime,
		MaxResponseHeaderBytes: 64 << 10, MaxConnsPerHost: maxAtOnce,
		DisableCompression: true, // counted by bounded itself
		ForceAttemptHTTP2:  true,
	}
}

func (r *Reader) newClient() *retryablehttp.Client {
	c := retryablehttp.NewClient()
	c.Logger = nil
	c.RetryMax, c.RetryWaitMin, c.RetryWaitMax = maxRetries, 500*time.Millisecond, maxWait
	c.ErrorHandler = retryablehttp.PassthroughErrorHandler
	c.CheckRetry, c.Backoff = worthRetrying, backoff
	c.HTTPClient = &http.Client{Transport: bounded{r.transport}, CheckRedirect: r.checkRedirect}
	return c
}

// checkRedirect holds every hop against the list.
func (r *Reader) checkRedirect(next *http.Request, via []*http.Request) error {
	if len(via) > maxHops {
		return refusedf("the host sends on more than %d times", maxHops)
	}
	next.Header.Del("Referer")
	if err := checkAddress(r.opt.Allow, next.URL); err != nil {
		return refusedf("the host sends on to where may not be read: %v", err)
	}
	return nil
}

func worthRetrying(ctx context.Context, resp *http.Response, err error) (bool, error) {
	switch {
	case ctx.Err() != nil:
		return false, ctx.Err()
	case err != nil:
		var certificate *tls.CertificateVerificationError
		return isPassing(err) && !errors.As(err, &certificate) && !isNotFound(err), nil
	}
	return isPassing(statusError(resp.StatusCode)) && resp.StatusCode >= 400, nil
}

func isNotFound(err error) bool {
	var dns *net.DNSError
	return errors.As(err, &dns) && dns.IsNotFound
}

// backoff waits as long as Retry-After says, within bounds, and otherwise
// twice as long each time, less a random part so that readers spread out.
func backoff(least, most time.Duration, attempt int, resp *http.Response) time.Duration {
	wait := min(retryablehttp.DefaultBackoff(least, most, attempt, resp), most)
	if resp != nil && resp.Header.Get("Retry-After") != "" || wait <= 1 {
		return wait
	}
	return wait/2 + rand.N(wait/2)
}

// bounded reads the whole answer within the limit, so that one which breaks
// off is tried again like any other failure.
type bounded struct{ next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (b bounded) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := b.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	var data []byte
	if resp.StatusCode == http.StatusOK {
		if data, err = readBody(resp); err != nil {
			return nil, err
		}
	}
	resp.Body = io.NopCloser(bytes.NewReader(data))
	return resp, nil
}

// readBody reads what was sent, counting what it becomes and not what it was.
func readBody(resp *http.Response) ([]byte, error) {
	if resp.ContentLength > maxBytes {
		return nil, errTooLarge
	}
	body := io.Reader(resp.Body)
	switch encoding := resp.Header.Get("Content-Encoding"); encoding {
	case "", "identity":
	case "gzip":
		unpacked, err := gzip.NewReader(io.LimitReader(body, maxBytes+1))
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errBroken, err)
		}
		body = unpacked
	default:
		return nil, refusedf("the answer is packed with %q, which was not asked for", encoding)
	}
	data, err := io.ReadAll(io.LimitReader(body, maxBytes+1))
	switch {
	case len(data) > maxBytes:
		return nil, errTooLarge
	case err != nil:
		return nil, fmt.Errorf("%w: %w", errBroken, err)
	}
	return data, nil
}

// ask asks the host, sending what revalidates an answer that is kept.
func (r *Reader) ask(ctx context.Context, u *url.URL, kept answer) (answer, error) {
	if err := r.silence(u.Host); err != nil {
		return answer{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, r.total)
	defer cancel()
	req, err := retryablehttp.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return answer{}, refused{"it is not an address"}
	}
	req.Header = http.Header{"User-Agent": {"callboard"}, "Accept": {"*/*"}, "Accept-Encoding": {"gzip"}}
	if kept.ETag != "" {
		req.Header.Set("If-None-Match", kept.ETag)
	} else if kept.LastModified != "" {
		req.Header.Set("If-Modified-Since", kept.LastModified)
	}
	resp, err := r.client.Do(req)
	if err != nil {
		err = plainly(err)
		r.opt.Log.Debug("remote: cannot read", "url", u.Redacted(), "error", err)
		r.noteSilence(u.Host, err)
		return answer{}, err
	}
	defer resp.Body.Close()
	r.opt.Log.Debug("remote: read", "url", u.Redacted(), "status", resp.StatusCode)
	switch {
	case resp.StatusCode == http.StatusNotModified && kept.URL != "":
		return kept, nil
	case resp.StatusCode != http.StatusOK:
		return answer{}, statusError(resp.StatusCode)
	}
	data, err := io.ReadAll(resp.Body)
	return answer{ETag: resp.Header.Get("ETag"), LastModified: resp.Header.Get("Last-Modified"), data: data}, err
}

// plainly puts a failure into words that are the same in every build.
func plainly(err error) error {
	var no refused
	var certificate *tls.CertificateVerificationError
	var timeout net.Error
	switch {
	case errors.As(err, &no):
		return no
	case errors.Is(err, errTooLarge):
		return errTooLarge
	case errors.As(err, &certificate):
		return errors.New("the host's certificate cannot be trusted")
	case isNotFound(err):
		return errNoHost
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return errSlow
	case errors.Is(err, errBroken):
		return errBroken
	}
	return errSilent
}

// silence returns why a host is not asked any more in this run: it was tried
// long enough for another address.
func (r *Reader) silence(host string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.silent[host]
}

func (r *Reader) noteSilence(host string, err error) {
	if errors.Is(err, errNoHost) || errors.Is(err, errSilent) || errors.Is(err, errSlow) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.silent[host] = err
	}
}
