package app

import (
	"time"

	"brevdue/internal/post"
	"brevdue/internal/workflow"
)

// breakers are those of this process, which note outages.
func (a *App) breakers() post.Breakers {
	return workflow.RecordedBreakers{Breakers: a.Store, Record: a.Store, Now: time.Now}
}

func (a *App) heart() workflow.Heart {
	return workflow.Heart{Beats: a.Store, Record: a.Store, Now: time.Now}
}
