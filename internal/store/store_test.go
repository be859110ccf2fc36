package store_test

import (
	"testing"

	"brevdue/internal/post/posttest"
	"brevdue/internal/store"
	"brevdue/internal/store/storetest"
)

func TestMemoryTable(t *testing.T) {
	storetest.Table(t, func(*testing.T) store.Table { return storetest.NewMemory() })
}

func TestStoreOnMemory(t *testing.T) {
	posttest.Store(t, func(*testing.T) posttest.Words { return words(store.New(storetest.NewMemory())) })
}

func words(s *store.Store) posttest.Words {
	return posttest.Words{Shipments: s.Shipments(), Letters: s.Letters(), Failures: s.Failures(), Files: s, Cases: s}
}
