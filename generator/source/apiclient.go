package source

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

const (
	maxAPIBody = 50 << 20
	// maxWait bounds how long a rate limit is waited for.
	maxWait = 60 * time.Second
)

// apiClient reads one API politely: it waits when asked to, tries again on
// failures that pass, and never follows a link to another origin.
type apiClient struct {
	*api
	http *retryablehttp.Client
	now  func() time.Time
}

func (s *syncer) apiClient(a *api) *apiClient {
	c := &apiClient{api: a, http: retryablehttp.NewClient(), now: time.Now}
	c.http.HTTPClient = newHTTPClient(maxAPIBody, a.token.IsSet())
	c.http.Logger = nil
	c.http.RetryMax, c.http.RetryWaitMin, c.http.RetryWaitMax = s.opt.Retries, s.opt.Backoff, 30*time.Second
	c.http.ErrorHandler = retryablehttp.PassthroughErrorHandler
	c.http.CheckRetry = c.checkRetry
	c.http.Backoff = func(low, high time.Duration, n int, res *http.Response) time.Duration {
		if wait, ok := c.asked(res); ok {
			return min(wait, maxWait)
		}
		return s.wait(n)
	}
	return c
}

// checkRetry adds GitHub's rate limits, which are answered with 403, to what
// is tried again; a limit that lasts longer than maxWait is not waited for.
func (c *apiClient) checkRetry(ctx context.Context, res *http.Response, err error) (bool, error) {
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	if wait, ok := c.asked(res); ok {
		return wait <= maxWait, nil
	}
	return retryablehttp.DefaultRetryPolicy(ctx, res, err)
}

// asked returns how long a response asks to wait: by Retry-After, in seconds
// or as a date, or by the reset time of an exhausted rate limit.
func (c *apiClient) asked(res *http.Response) (time.Duration, bool) {
	if res == nil || res.StatusCode != 403 && res.StatusCode != 429 && res.StatusCode != 503 {
		return 0, false
	}
	if after := res.Header.Get("Retry-After"); after != "" {
		if n, err := strconv.Atoi(after); err == nil && n >= 0 {
			return time.Duration(min(n, 1<<20)) * time.Second, true
		}
		if t, err := http.ParseTime(after); err == nil {
			return max(0, t.Sub(c.now())), true
		}
	}
	for _, name := range []string{"X-RateLimit", "RateLimit"} {
		if res.Header.Get(name+"-Remaining") != "0" {
			continue
		}
		if n, err := strconv.ParseInt(res.Header.Get(name+"-Reset"), 10, 64); err == nil {
			return max(0, time.Unix(n, 0).Sub(c.now())), true
		}
	}
	return 0, false
}

// walk follows a list from its first page to its last.
func (c *apiClient) walk(ctx context.Context, first string, last []page) ([]page, error) {
	known := map[string]page{}
	for _, p := range last {
		known[p.URL] = p
	}
	var pages []page
	total := 0
	seen := map[string]bool{}
	for next := first; next != "" && !seen[next]; {
		seen[next] = true
		p, err := c.page(ctx, next, known[next])
		if err != nil {
			return nil, err
		}
		pages = append(pages, p)
		if total += len(p.Repos); total > maxDiscovered || len(pages) >= maxPages {
			break
		}
		next = p.Next
	}
	return pages, nil
}

func (c *apiClient) page(ctx context.Context, address string, known page) (page, error) {
	req, err := retryablehttp.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return page{}, &failure{failOther, "the API's address cannot be used", ""}
	}
	for k, v := range c.header {
		req.Header.Set(k, v)
	}
	req.Header.Set("User-Agent", "callboard")
	if known.ETag != "" {
		req.Header.Set("If-None-Match", known.ETag)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return page{}, err
	}
	defer res.Body.Close()
	if res.StatusCode == http.StatusNotModified && known.URL != "" {
		return known, nil
	}
	if err := c.status(res); err != nil {
		return page{}, err
	}
	b, err := io.ReadAll(res.Body)
	if err != nil {
		return page{}, err
	}
	p := page{URL: address, ETag: res.Header.Get("ETag")}
	if p.Repos, err = c.decode(b); err != nil {
		return page{}, &failure{failOther, "the API's answer is not a list of repositories", "check the api: address"}
	}
	p.Next, err = next(address, res.Header.Values("Link"))
	return p, err
}

// status turns an unwanted answer into a failure.
func (c *apiClient) status(res *http.Response) error {
	wait, limited := c.asked(res)
	switch {
	case res.StatusCode == http.StatusOK:
		return nil
	case limited:
		return &failure{failLimit, fmt.Sprintf("the API's rate limit is used up for the next %s", wait.Round(time.Second)), "use a token with a higher limit, or build less often"}
	case res.StatusCode == http.StatusUnauthorized, res.StatusCode == http.StatusForbidden:
		if !c.token.IsSet() {
			return &failure{failAuth, "the API asks for a token", "add token: to the entry"}
		}
		return &failure{failAuth, "the API refuses the token", "check that it is current and may list repositories"}
	case res.StatusCode == http.StatusNotFound:
		return &failure{failMissing, "there is no such account, or the token may not see it", "check its name and the token"}
	}
	return fromStatus(res.StatusCode)
}

// next returns the address of the next page from Link headers (RFC 8288), ""
// at the end. Only the link's query counts: servers behind a proxy name hosts
// that are not theirs to the outside, and the token must stay with the API.
func next(current string, links []string) (string, error) {
	target := nextLink(links)
	if target == "" {
		return "", nil
	}
	from, err := url.Parse(current)
	if err != nil {
		return "", err
	}
	to, err := from.Parse(target)
	if err != nil {
		return "", &failure{failOther, "the API's link to the next page is not a URL", ""}
	}
	q := from.Query()
	for k, v := range to.Query() {
		q[k] = v
	}
	from.RawQuery = q.Encode()
	return from.String(), nil
}

// nextLink finds the target of the link with rel "next".
func nextLink(headers []string) string {
	for _, link := range strings.Split(strings.Join(headers, ","), ",") {
		target, params, ok := strings.Cut(link, ";")
		target = strings.TrimSpace(target)
		if !ok || !strings.HasPrefix(target, "<") || !strings.HasSuffix(target, ">") {
			continue
		}
		for p := range strings.SplitSeq(params, ";") {
			k, v, _ := strings.Cut(strings.TrimSpace(p), "=")
			if strings.EqualFold(k, "rel") && strings.EqualFold(strings.Trim(v, `"`), "next") {
				return target[1 : len(target)-1]
			}
		}
	}
	return ""
}

// decodeList decodes a JSON array of one API's repositories.
func decodeList[T any](b []byte, convert func(T) listed) ([]listed, error) {
	var raw []T
	if err := json.Unmarshal(b, &raw); err != nil {
		return nil, err
	}
	out := make([]listed, 0, len(raw))
	for _, r := range raw {
		if l := convert(r); l.Name != "" && l.CloneURL != "" {
			out = append(out, l)
		}
	}
	return out, nil
}
