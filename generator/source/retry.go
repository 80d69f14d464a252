package source

import (
	"context"
	"time"
)

// retry runs try until it succeeds, fails in a way that waiting cannot mend,
// or has failed too often. Between two tries it waits a random part of a
// delay that doubles ("full jitter").
func (s *syncer) retry(ctx context.Context, j *job, try func() error) error {
	for n := 0; ; n++ {
		err := try()
		if err == nil || ctx.Err() != nil {
			if ctx.Err() != nil && err != nil {
				return ctx.Err()
			}
			return err
		}
		why := explain(err, j.spec.Auth)
		if why.kind != failNetwork || n >= s.opt.Retries {
			return why
		}
		wait := s.wait(n)
		s.opt.Log.Info("trying again", "source", j.name, "reason", why.message, "wait", wait)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
		}
	}
}

func (s *syncer) wait(n int) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	limit := s.opt.Backoff << min(n, 6)
	return time.Duration(s.jitter.Int64N(int64(limit) + 1))
}
