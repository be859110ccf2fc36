package benchstore

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

var databases = []struct {
	name string
	open func(path string) (store, error)
}{
	{"bbolt", openBolt},
	{"sqlite", openSQLite},
}

func eachDatabase(b *testing.B, run func(b *testing.B, path string, open func(string) (store, error))) {
	for _, db := range databases {
		b.Run(db.name, func(b *testing.B) {
			run(b, filepath.Join(b.TempDir(), "store.db"), db.open)
		})
	}
}

// BenchmarkSync is the yardstick: one 4 KiB write and one fsync.
func BenchmarkSync(b *testing.B) {
	f, err := os.Create(filepath.Join(b.TempDir(), "sync"))
	must(b, err)
	defer f.Close()
	block := make([]byte, 4096)
	for b.Loop() {
		_, err := f.WriteAt(block, 0)
		must(b, err)
		must(b, f.Sync())
	}
}

// BenchmarkChange changes 10 neighbouring letters of one partition per op.
func BenchmarkChange(b *testing.B) { benchmarkChange(b, (*workload).neighbours) }

// BenchmarkChangeScattered changes 10 letters from anywhere per op.
func BenchmarkChangeScattered(b *testing.B) { benchmarkChange(b, (*workload).scattered) }

func benchmarkChange(b *testing.B, choose func(*workload, int) []int) {
	eachDatabase(b, func(b *testing.B, path string, open func(string) (store, error)) {
		s := openSeeded(b, path, open)
		load := newWorkload(choose)
		w := startWriter(s)
		b.ResetTimer()
		load.run(b, w, b.N)
		b.StopTimer()
		w.stop()
		seconds := b.Elapsed().Seconds()
		b.ReportMetric(float64(b.N*lettersPerChange)/seconds, "letters/s")
		b.ReportMetric(float64(w.commits)/seconds, "commits/s")
		reportMemory(b)
		must(b, s.close())
	})
}

// BenchmarkPage reads one partition of 100 letters per op.
func BenchmarkPage(b *testing.B) {
	eachDatabase(b, func(b *testing.B, path string, open func(string) (store, error)) {
		s := openSeeded(b, path, open)
		random := rand.New(rand.NewPCG(1, 2))
		b.ResetTimer()
		for range b.N {
			found, err := s.page(partitionOf(random.IntN(*letterCount)))
			must(b, err)
			if len(found) != lettersInPartition {
				b.Fatalf("found %d letters", len(found))
			}
		}
		b.StopTimer()
		reportMemory(b)
		must(b, s.close())
	})
}

// BenchmarkOpen opens a cleanly closed file and asks it one question per op.
func BenchmarkOpen(b *testing.B) {
	eachDatabase(b, func(b *testing.B, path string, open func(string) (store, error)) {
		must(b, openSeeded(b, path, open).close())
		b.ResetTimer()
		for range b.N {
			s, err := open(path)
			must(b, err)
			_, err = s.page(partitionOf(0))
			must(b, err)
			b.StopTimer()
			must(b, s.close())
			b.StartTimer()
		}
		b.StopTimer()
		reportMemory(b)
	})
}

// BenchmarkFileSize makes 5 changes per letter, in random order, per op and
// reports the size of the files. Its time includes filling the store.
func BenchmarkFileSize(b *testing.B) {
	eachDatabase(b, func(b *testing.B, path string, open func(string) (store, error)) {
		for i := range b.N {
			path := fmt.Sprint(path, i)
			s := openSeeded(b, path, open)
			load := newWorkload((*workload).neighbours)
			w := startWriter(s)
			load.run(b, w, 5**letterCount/lettersPerChange)
			w.stop()
			reportSize(b, path, "open")
			must(b, s.close())
			reportSize(b, path, "closed")
		}
		reportMemory(b)
	})
}

// reportSize adds up the files of one store: their length, and the disk they take.
func reportSize(b *testing.B, path, when string) {
	files, err := filepath.Glob(path + "*")
	must(b, err)
	var length, taken float64
	for _, name := range files {
		info, err := os.Stat(name)
		must(b, err)
		length += float64(info.Size())
		taken += float64(info.Sys().(*syscall.Stat_t).Blocks * 512)
	}
	b.ReportMetric(length/1e6, "MB-length-"+when)
	b.ReportMetric(taken/1e6, "MB-disk-"+when)
}

// reportMemory tells Go's memory (go-sys) from what the whole process holds in
// RAM: rss, of which rss-file are mapped pages the kernel can drop at will.
func reportMemory(b *testing.B) {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.HeapInuse)/1e6, "MB-heap")
	b.ReportMetric(float64(m.Sys)/1e6, "MB-go-sys")
	status, err := os.ReadFile("/proc/self/status")
	must(b, err)
	for line := range strings.Lines(string(status)) {
		var kilobytes float64
		if n, _ := fmt.Sscanf(line, "VmRSS: %f kB", &kilobytes); n == 1 {
			b.ReportMetric(kilobytes*1024/1e6, "MB-rss")
		}
		if n, _ := fmt.Sscanf(line, "RssFile: %f kB", &kilobytes); n == 1 {
			b.ReportMetric(kilobytes*1024/1e6, "MB-rss-file")
		}
	}
}
