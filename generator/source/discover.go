package source

import "context"

type discoveredList struct{}

func (s *syncer) discover(ctx context.Context, spec Spec) []*job { return nil }
