package benchstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"

	_ "modernc.org/sqlite" // the "sqlite" driver
)

const sqliteSchema = `
CREATE TABLE IF NOT EXISTS items (
	part TEXT NOT NULL, sort TEXT NOT NULL, revision INTEGER NOT NULL, body BLOB NOT NULL,
	PRIMARY KEY (part, sort)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS queue (id INTEGER PRIMARY KEY, message BLOB NOT NULL);`

// sqliteStore writes through one connection and reads through another.
type sqliteStore struct {
	db              *sql.DB
	writes, reads   *sql.Conn
	begin, end      *sql.Stmt
	undo            *sql.Stmt
	get, put, set   *sql.Stmt
	push, pop, list *sql.Stmt
	all             []*sql.Stmt
}

func openSQLite(path string) (store, error) {
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	if err != nil {
		return nil, err
	}
	s := &sqliteStore{db: db}
	if err := s.prepare(context.Background()); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

func (s *sqliteStore) prepare(ctx context.Context) (err error) {
	if s.writes, err = s.db.Conn(ctx); err != nil {
		return err
	}
	if _, err = s.writes.ExecContext(ctx, sqliteSchema); err != nil {
		return err
	}
	if s.reads, err = s.db.Conn(ctx); err != nil {
		return err
	}
	on := func(conn *sql.Conn, query string) *sql.Stmt {
		stmt, errPrepare := conn.PrepareContext(ctx, query)
		err = errors.Join(err, errPrepare)
		s.all = append(s.all, stmt)
		return stmt
	}
	s.begin = on(s.writes, "BEGIN IMMEDIATE")
	s.end = on(s.writes, "COMMIT")
	s.undo = on(s.writes, "ROLLBACK")
	s.get = on(s.writes, "SELECT revision, body FROM items WHERE part = ? AND sort = ?")
	s.put = on(s.writes, "UPDATE items SET revision = ?, body = ? WHERE part = ? AND sort = ?")
	s.set = on(s.writes, "INSERT INTO items (part, sort, revision, body) VALUES (?, ?, ?, ?)")
	s.push = on(s.writes, "INSERT INTO queue (message) VALUES (?)")
	s.pop = on(s.writes, "DELETE FROM queue WHERE id IN (SELECT id FROM queue ORDER BY id LIMIT ?)")
	s.list = on(s.reads, "SELECT sort, revision, body FROM items WHERE part = ? ORDER BY sort")
	return err
}

func (s *sqliteStore) commit(group []*change) error {
	return s.inTransaction(func() error {
		for _, c := range group {
			c.err = nil
			if err := s.apply(c); errors.Is(err, errStale) {
				c.err = err
			} else if err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *sqliteStore) inTransaction(work func() error) error {
	if _, err := s.begin.Exec(); err != nil {
		return err
	}
	err := work()
	if err == nil {
		_, err = s.end.Exec()
	}
	if err != nil {
		_, errUndo := s.undo.Exec()
		return errors.Join(err, errUndo)
	}
	return nil
}

func (s *sqliteStore) apply(c *change) error {
	for _, l := range c.letters {
		now, err := s.item(l.partition, l.sort)
		if err != nil {
			return err
		}
		if now.revision != l.revision {
			return errStale
		}
	}
	for _, l := range c.letters {
		if _, err := s.put.Exec(l.revision+1, l.body, l.partition, l.sort); err != nil {
			return err
		}
	}
	if err := s.add(c.counter, len(c.letters)); err != nil {
		return err
	}
	if err := s.enqueue(c.messages); err != nil {
		return err
	}
	return s.dequeue(len(c.messages))
}

func (s *sqliteStore) item(partition, sort string) (item, error) {
	it := item{partition: partition, sort: sort}
	err := s.get.QueryRow(partition, sort).Scan(&it.revision, &it.body)
	return it, err
}

func (s *sqliteStore) add(counter string, n int) error {
	c, err := s.item(counterPartition, counter)
	if err != nil {
		return err
	}
	total, err := strconv.Atoi(string(c.body))
	if err != nil {
		return err
	}
	body := strconv.AppendInt(nil, int64(total+n), 10)
	_, err = s.put.Exec(c.revision+1, body, counterPartition, counter)
	return err
}

// enqueue relies on the queue never being empty: SQLite then gives each row an
// id above all earlier ones.
func (s *sqliteStore) enqueue(messages [][]byte) error {
	for _, m := range messages {
		if _, err := s.push.Exec(m); err != nil {
			return err
		}
	}
	return nil
}

func (s *sqliteStore) dequeue(n int) error {
	result, err := s.pop.Exec(n)
	if err != nil {
		return err
	}
	gone, err := result.RowsAffected()
	if err == nil && gone != int64(n) {
		err = fmt.Errorf("queue held %d messages, not %d", gone, n)
	}
	return err
}

func (s *sqliteStore) seed(items []item, messages [][]byte) error {
	return s.inTransaction(func() error {
		for _, it := range items {
			if _, err := s.set.Exec(it.partition, it.sort, it.revision, it.body); err != nil {
				return err
			}
		}
		return s.enqueue(messages)
	})
}

func (s *sqliteStore) page(partition string) (found []item, err error) {
	rows, err := s.list.Query(partition)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		it := item{partition: partition}
		if err := rows.Scan(&it.sort, &it.revision, &it.body); err != nil {
			return nil, err
		}
		found = append(found, it)
	}
	return found, rows.Err()
}

func (s *sqliteStore) queueLength() (n int, err error) {
	err = s.reads.QueryRowContext(context.Background(), "SELECT count(*) FROM queue").Scan(&n)
	return n, err
}

// close ends the statements first: database/sql does not do so for those
// prepared on a Conn, and one left open keeps the file and the WAL open.
func (s *sqliteStore) close() error {
	var err error
	for _, stmt := range s.all {
		err = errors.Join(err, stmt.Close())
	}
	return errors.Join(err, s.reads.Close(), s.writes.Close(), s.db.Close())
}
