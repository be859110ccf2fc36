package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// massFrom is from how many letters on they go in containers.
var massFrom = "0"

// way uploads a file to a fresh server and waits for the second tick on every letter.
func way(ctx context.Context, binary, file, data string, letters int) (measured, error) {
	return wayOf(ctx, binary, file, data, letters, nil)
}

// wayOf is way on a folder that may be there already, with somebody who watches the shipment.
func wayOf(ctx context.Context, binary, file, data string, letters int,
	watch func(a api, id string) error) (measured, error) {
	m := measured{Letters: letters}
	digitalPost, err := startSimulator(ctx, binary, data+"-simulator")
	if err != nil {
		return m, err
	}
	defer digitalPost.stop()
	addr, err := freeAddress()
	if err != nil {
		return m, err
	}
	server, err := start(ctx, binary, "serve", "--addr", addr, "--data", data, "--digital-post", digitalPost.url,
		"--environment", "simulator", "--pace", "demo", "--mass-from", massFrom)
	if err != nil {
		return m, err
	}
	defer server.stop()
	c := api{base: "http://" + addr}
	if err := c.ready(data); err != nil {
		return m, err
	}
	content, err := os.ReadFile(file)
	if err != nil {
		return m, err
	}
	if err := server.settled(); err != nil {
		return m, err
	}
	before, err := processorTimes(server, digitalPost.process)
	if err != nil {
		return m, err
	}
	begun := time.Now()
	id, err := c.upload(content)
	if err != nil {
		return m, err
	}
	if watch != nil {
		if err := watch(c, id); err != nil {
			return m, err
		}
	}
	if err := c.wait(id, letters); err != nil {
		return m, err
	}
	m.Seconds = time.Since(begun).Seconds()
	after, err := processorTimes(server, digitalPost.process)
	if err != nil {
		return m, err
	}
	m.CPU, m.Simulator = after[0]-before[0], after[1]-before[1]
	m.PeakMB, err = peak(server.Process.Pid)
	return m, err
}

func processorTimes(server, simulator process) (both [2]float64, err error) {
	if both[0], err = processorTime(server.Process.Pid); err == nil {
		both[1], err = processorTime(simulator.Process.Pid)
	}
	return both, err
}

// peak returns the highest resident memory of a process so far.
func peak(pid int) (float64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(b), "VmHWM:")
	var kb float64
	_, err = fmt.Sscan(rest, &kb)
	return kb / 1024, err
}

type api struct{ base, key string }

func (a *api) ready(data string) error {
	for range 500 {
		if res, err := http.Get(a.base + "/healthz"); err == nil {
			res.Body.Close()
			key, err := os.ReadFile(filepath.Join(data, "key"))
			a.key = strings.TrimSpace(string(key))
			return err
		}
		time.Sleep(10 * time.Millisecond)
	}
	return fmt.Errorf("%s is not ready", a.base)
}

func (a *api) call(method, path string, body io.Reader, into any) error {
	req, err := http.NewRequest(method, a.base+path, body)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+a.key)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode >= 300 {
		text, _ := io.ReadAll(res.Body)
		return fmt.Errorf("%s: %s", res.Status, text)
	}
	return json.NewDecoder(res.Body).Decode(into)
}

func (a *api) upload(content []byte) (string, error) {
	var created struct {
		ID      string `json:"id"`
		Uploads []struct {
			URL    string            `json:"url"`
			Fields map[string]string `json:"fields"`
		} `json:"uploads"`
	}
	if err := a.call(http.MethodPost, "/v1/shipments",
		strings.NewReader(`{"subject":"Måling","document":{"name":"a.pdf"}}`), &created); err != nil {
		return "", err
	}
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range created.Uploads[0].Fields {
		_ = form.WriteField(name, value) // a bytes.Buffer does not fail
	}
	w, _ := form.CreateFormFile("file", "a.pdf")
	_, _ = w.Write(content)
	_ = form.Close()
	res, err := http.Post(created.Uploads[0].URL, form.FormDataContentType(), &body)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	if res.StatusCode >= 300 {
		return "", fmt.Errorf("upload: %s", res.Status)
	}
	return created.ID, nil
}

// progress is of a shipment.
type progress struct {
	State      string `json:"state"`
	HandedOver int    `json:"handedOver"`
	Completed  int    `json:"completed"`
	Failed     int    `json:"failed"`
}

func (a *api) progress(id string) (p progress, err error) {
	return p, a.call(http.MethodGet, "/v1/shipments/"+id, nil, &p)
}

// over reports whether nothing of a shipment is on its way any more.
func (p progress) over() bool { return p.State == "Completed" || p.State == "CompletedWithErrors" }

func (a *api) wait(id string, letters int) error {
	for {
		s, err := a.progress(id)
		if err != nil {
			return err
		}
		switch {
		case s.Completed == letters:
			return nil
		case s.Failed > 0 || s.State == "Stopped" || s.State == "Review":
			return fmt.Errorf("the shipment is %s with %d failed letters", s.State, s.Failed)
		}
		time.Sleep(20 * time.Millisecond)
	}
}
