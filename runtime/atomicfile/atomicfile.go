// Package atomicfile replaces files whole or not at all.
package atomicfile

import (
	"bufio"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// Write gives path the content that write produces. Whatever happens on the way, a reader finds the old file or all of the
// new one; when Write returns nil the new one is on the disk. On an error the old file stays and nothing else is left behind;
// a process that is killed may leave a file ".NAME.*.tmp" beside it.
func Write(path string, write func(io.Writer) error) (err error) {
	folder := filepath.Dir(path)
	temp, err := os.CreateTemp(folder, "."+filepath.Base(path)+".*.tmp")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			temp.Close()
			os.Remove(temp.Name())
		}
	}()
	buffered := bufio.NewWriterSize(temp, 1<<16)
	if err := write(buffered); err != nil {
		return err
	}
	if err := buffered.Flush(); err != nil {
		return err
	}
	if err := temp.Chmod(mode(path)); err != nil {
		return err
	}
	if err := temp.Sync(); err != nil {
		return err
	}
	if err := temp.Close(); err != nil {
		return err
	}
	if err := rename(temp.Name(), path); err != nil {
		return err
	}
	return sync(folder)
}

// mode is that of the file to be replaced, or a usual one: CreateTemp's is for the owner alone.
func mode(path string) os.FileMode {
	if info, err := os.Stat(path); err == nil {
		return info.Mode().Perm()
	}
	return 0o644
}

// rename tries again for a while on Windows, where another process that has the file open for a moment stops it.
func rename(from, to string) error {
	err := os.Rename(from, to)
	for wait := time.Millisecond; err != nil && runtime.GOOS == "windows" && wait < time.Second; wait *= 2 {
		time.Sleep(wait)
		err = os.Rename(from, to)
	}
	return err
}

// sync makes the folder's new entry last. Windows has no such call and does not need it.
func sync(folder string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	f, err := os.Open(folder)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}
