-- Runs where dnsdist answers from its memory: one more for the school and profile that the question was of.
local ffi = require('ffi')
ffi.cdef[[
typedef struct { uint64_t last, told, taken, lost; uint64_t counts[65536]; } thread_t; // the beginning of it
int open(const char *, int, ...); int close(int); int gettid(void); int ftruncate(int, long);
void *mmap(void *, size_t, int, int, int, long);
]]
local fd = ffi.C.open('@FOLDER@/thread-' .. ffi.C.gettid(), 66, ffi.cast('int', 384))
local mine = ffi.cast('thread_t *', ffi.C.mmap(nil, ffi.sizeof('thread_t'), 3, 1, fd, 0))
ffi.C.close(fd)
local NONE = DNSResponseAction.None
return function(dr)
  local at = mine.last
  mine.counts[at] = mine.counts[at] + 1
  return NONE
end
