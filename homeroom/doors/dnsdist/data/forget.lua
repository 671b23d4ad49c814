-- Once a second: empty the memories that older rules filled, then say up to which generation this was done.
local ffi = require('ffi')
ffi.cdef[[
typedef struct { volatile uint64_t generation, emptied, bad, agreed; } control_t;
int open(const char *, int, ...); int close(int); int ftruncate(int, long); void *mmap(void *, size_t, int, int, int, long);
]]
local fd = ffi.C.open('@FOLDER@/control', 66, ffi.cast('int', 384))
ffi.C.ftruncate(fd, 4096)
local control = ffi.cast('control_t *', ffi.C.mmap(nil, 4096, 3, 1, fd, 0))
ffi.C.close(fd)
function maintenance()
  local generation = control.generation
  if control.emptied == generation then return end
  -- The memory of these tables is the one of those four before. Nobody uses it until that is emptied (filter.lua).
  local used = control.emptied + 3 >= generation and tonumber(generation % 4)
  for memory = 0, 3 do
    if memory ~= used then
      for profile = 0, 7 do getPool('p' .. profile .. 'g' .. memory):getCache():expunge(0) end
    end
  end
  control.emptied = generation
end
