-- Runs where dnsdist answers from its memory: one more for the school and profile that the question was of. And the
-- answer is laid where filter.lua finds it for the next who asks the same, in memory of the thread's own.
local ffi, bit = require('ffi'), require('bit')
local C, band = ffi.C, bit.band
ffi.cdef[[
typedef struct { uint64_t shared, told, taken, lost; uint64_t counts[65536]; } thread_t; // the beginning of it
typedef struct { uint64_t key; uint32_t age, second, ends; uint16_t behind, size; uint8_t flags[2], found, authorities, more, ttls, ttl_at[8];
  uint8_t rest[218]; } kept_t;
typedef struct { uint64_t key; uint32_t age, place, behind, spare; kept_t kept[65536]; } shared_t;
int open(const char *, int, ...); int close(int); int gettid(void); int ftruncate(int, long); long time(long *);
void *mmap(void *, size_t, int, int, int, long);
]]
local fd = C.open('@FOLDER@/thread-' .. C.gettid(), 66, ffi.cast('int', 384))
local mine = ffi.cast('thread_t *', C.mmap(nil, ffi.sizeof('thread_t'), 3, 1, fd, 0))
C.close(fd)
local NONE, PAIRS = DNSResponseAction.None, 0xFFFEULL
local LONGEST, LONGEST_NEGATIVE, MOST, ROOM = @KEPT@, @KEPT_NEGATIVE@, 8, 218
local u8 = ffi.typeof('uint8_t *')
local shared = ffi.cast('shared_t *', mine.shared)

local function behind_name(p, at, len)
  while at < len do
    local size = p[at]
    if size == 0 then return at + 1 end
    if size >= 192 then return at + 2 end
    at = at + size + 1
  end
  return len
end

-- Notes where the time to live of the record at `at` stands. Behind that record, or what is not `len` at trouble.
local function record(kept, p, at, behind, len)
  if at >= len then return len + 1 end
  if p[at] >= 192 then at = at + 2 elseif p[at] == 0 then at = at + 1 else at = behind_name(p, at, len) end
  if at + 10 > len then return len + 1 end
  if p[at + 1] ~= 41 or p[at] ~= 0 then -- OPT has flags in that place
    local ttl = ((p[at + 4] * 256 + p[at + 5]) * 256 + p[at + 6]) * 256 + p[at + 7]
    kept.ttl_at[kept.ttls], kept.ttls = at + 4 - behind, kept.ttls + 1
    if ttl < kept.ends then kept.ends = ttl end
  end
  return at + 10 + p[at + 8] * 256 + p[at + 9]
end

-- Without a loop, so that LuaJIT can make one piece of machine code of it all.
local function records(kept, p, behind, len, count)
  local at = record(kept, p, behind, behind, len)
  if count == 1 then return at end
  at = record(kept, p, at, behind, len)
  if count == 2 then return at end
  at = record(kept, p, at, behind, len)
  if count == 3 then return at end
  at = record(kept, p, at, behind, len)
  if count == 4 then return at end
  at = record(kept, p, at, behind, len)
  if count == 5 then return at end
  at = record(kept, p, at, behind, len)
  if count == 6 then return at end
  at = record(kept, p, at, behind, len)
  if count == 7 then return at end
  return record(kept, p, at, behind, len)
end

local function keep(p, len, now)
  local behind, code = shared.behind, band(p[3], 15)
  local size, count = len - behind, p[7] + p[9] + p[11]
  if band(p[2], 2) ~= 0 or p[5] ~= 1 or p[4] + p[6] + p[8] + p[10] ~= 0 or (code ~= 0 and code ~= 3) then return end
  if size > ROOM or count == 0 or count > MOST then return end
  local place = tonumber(band(shared.key, PAIRS))
  local kept, other = shared.kept[place], shared.kept[place + 1]
  -- Of the two places the one that is this answer's, or is free, or will be so first.
  if kept.key ~= shared.key and (other.key == shared.key or other.age ~= shared.age or (kept.age == shared.age and other.ends < kept.ends)) then
    kept = other
  end
  kept.age, kept.ttls = 0, 0
  kept.ends = (code == 0 and p[9] == 0) and LONGEST or LONGEST_NEGATIVE
  if records(kept, p, behind, len, count) ~= len or kept.ttls == 0 then return end
  kept.key, kept.second, kept.behind, kept.size, kept.ends = shared.key, now, behind, size, now + kept.ends
  kept.flags[0], kept.flags[1], kept.found, kept.authorities, kept.more = p[2], p[3], p[7], p[9], p[11]
  ffi.copy(kept.rest, p + behind, size)
  kept.age = shared.age
end

local handles, handles_count = {}, 0 -- as in filter.lua
local function handle(given)
  if handles_count > 1000 then handles, handles_count = {}, 0 end
  local made = ffi.cast('dnsdist_ffi_dnsquestion_t *', given)
  handles[given], handles_count = made, handles_count + 1
  return made
end

return function(given)
  local dr, at = handles[given] or handle(given), shared.place
  mine.counts[at] = mine.counts[at] + 1
  keep(ffi.cast(u8, C.dnsdist_ffi_dnsquestion_get_header(dr)), C.dnsdist_ffi_dnsquestion_get_len(dr), tonumber(C.time(nil)))
  return NONE
end
