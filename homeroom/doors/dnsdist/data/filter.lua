-- What dnsdist asks of every question: who asks, is the name listed, what is said. It holds no rule of its own:
-- every answer here was made by Homeroom's `decide`, and whatever the tables cannot say goes to the embedded door.
-- Runs in each thread of dnsdist by itself; FOLDER is replaced by the folder of the tables.
--
-- Nine of ten questions were asked before, by somebody of the same profile. What was found then is kept by a hash
-- of the question (`memo`), so that `ask` has no loop and LuaJIT can make one piece of machine code of it. The answer
-- itself is kept beside (`kept`), once dnsdist gave it from its memory: the next time nobody else need be asked.
local ffi, bit = require('ffi'), require('bit')
local C, band, bor, rshift = ffi.C, bit.band, bit.bor, bit.rshift
ffi.cdef[[
typedef struct { char magic[8]; uint64_t check, length, cells, words, homes, shift;
  uint32_t profiles, stranger, places, classes, path, spare;
  uint32_t names[2], hosts[2], ranges[2], claims[2], own[2], below[2], own_first[2], below_first[2], refused[2], said[2], answers[2], bits[2];
  char lists[1]; } head_t;
typedef struct { uint8_t address[16]; uint32_t size, who, prefix, spare; } host_t;
typedef struct { uint64_t digest; uint32_t who, spare; } claim_t;
typedef struct { uint8_t flags, found, authorities, spare; uint16_t body_size, opt_size, none;
  uint8_t body[242], opt[256]; } answer_t;
typedef struct { volatile uint64_t generation, emptied, bad, agreed; } control_t;
typedef struct { uint64_t second; uint16_t qtype; uint8_t address_size, name_size; uint8_t address[16], name[256], spare[4]; } note_t;
typedef struct { uint64_t shared, told, taken, lost; uint64_t counts[65536], counted[65536]; note_t notes[8192]; } thread_t;
typedef struct { uint64_t key; uint32_t age, second, ends; uint16_t behind, size; uint8_t flags[2], found, authorities, more, ttls, ttl_at[8];
  uint8_t rest[218]; } kept_t;
typedef struct { uint64_t key; uint32_t age, place, behind, spare; kept_t kept[65536]; } shared_t;
typedef struct { uint64_t key; uint32_t act, behind; } memo_t;
int open(const char *, int, ...); int close(int); long lseek(int, long, int); int ftruncate(int, long);
void *mmap(void *, size_t, int, int, int, long); int munmap(void *, size_t); int gettid(void);
int flock(int, int); int access(const char *, int); long time(long *); int poll(void *, unsigned long, int);
uint64_t XXH3_64bits(const void *, size_t); uint64_t XXH3_64bits_withSeed(const void *, size_t, uint64_t);
unsigned char *SHA256(const unsigned char *, size_t, unsigned char *);
]]
local FOLDER = '@FOLDER@'
local xxh = ffi.load('libxxhash.so.0')
local POOL, ANSWER = DNSAction.Pool, DNSAction.HeaderModify
local HAND, ASKS, FULL = 0x80000000, 0xC000000000000000ULL, 0xFFFFULL
local u8 = ffi.typeof('uint8_t *')

local function map(path, write, size)
  local fd = C.open(path, write and 66 or 0, ffi.cast('int', 384)) -- O_RDWR | O_CREAT, 0600
  if fd < 0 then return nil end
  if write then C.ftruncate(fd, size) else size = tonumber(C.lseek(fd, 0, 2)) end
  local at = C.mmap(nil, size, write and 3 or 1, 1, fd, 0)
  C.close(fd)
  if ffi.cast('intptr_t', at) == -1 then return nil end
  return ffi.cast(u8, at), size
end

-- The lock says that this thread lives. Whoever reads a file without its owner takes it away, lock in hand: then anew.
local function own_file(path)
  for _ = 1, 400 do
    local fd = C.open(path, 66, ffi.cast('int', 384))
    if C.flock(fd, 6) == 0 and C.access(path, 0) == 0 then return end -- LOCK_EX | LOCK_NB; kept open
    C.close(fd)
    C.poll(nil, 0, 5)
  end
end

local control = ffi.cast('control_t *', (map(FOLDER .. '/control', true, 4096)))
local path = FOLDER .. '/thread-' .. C.gettid()
own_file(path)
local mine = ffi.cast('thread_t *', (map(path, true, ffi.sizeof('thread_t'))))
-- Where this program and count.lua of the same thread meet: memory of the process, so that no answer is on a disk. It
-- costs nothing before it is written (private and anonymous), as in the many threads that few speak to.
local shared = ffi.cast('shared_t *', C.mmap(nil, ffi.sizeof('shared_t'), 3, 34, -1, 0))
assert(ffi.cast('intptr_t', shared) ~= -1)
mine.shared = ffi.cast('uintptr_t', shared)
local name, hashes, starts = ffi.new('uint8_t[256]'), ffi.new('uint64_t[130]'), ffi.new('int[130]')
local address, address_size, digest = ffi.new('const void *[1]'), ffi.new('size_t[1]'), ffi.new('unsigned char[32]')

local LOW = ffi.new('uint8_t[256]')
for each = 0, 255 do
  local letter = string.char(each)
  if letter:match('[a-z0-9_-]') then LOW[each] = each elseif letter:match('[A-Z]') then LOW[each] = each + 32 end
end
local BIT = {}
for each = 0, 61 do BIT[2 ^ each] = each end

local remembered, age = 0, 0
local seen, known, table, table_size, lists_path, lists, lists_size = 0ULL, nil, nil, 0, '', nil, 0
local names, names_last, hosts, hosts_last, ranges, ranges_count, claims, claims_last
local own, below, own_first, below_first, classes, refused, said, answers, bits, cells, words, homes, shift, stranger, profiles
local pools = {}

-- What was found for a question: 0 ask the door, 1 the memory of the profile, 2 and more an answer (see `think`).
-- The seeds are of each thread's own, so that nobody can make up questions that meet in one place.
local LAST, PAIRS = 131071ULL, 0xFFFEULL
local memo, seeds = ffi.new('memo_t[131072]'), ffi.new('uint64_t[256]')
do
  local file = assert(io.open('/dev/urandom', 'rb'))
  ffi.copy(seeds, file:read(2048), 2048)
  file:close()
end

local function take(path)
  local at, size = map(path)
  if not at then return false end
  local head = ffi.cast('head_t *', at)
  local whole = size > 4096 and ffi.string(head.magic, 8) == 'HRDNSD04' and head.length == size
    and xxh.XXH3_64bits(at + 4096, size - 4096) == head.check
  local wanted = whole and ffi.string(head.lists) or ''
  local new, new_size = lists, lists_size
  if whole and wanted ~= '' and wanted ~= lists_path then new, new_size = map(wanted) end
  if not whole or (wanted ~= '' and not new) then C.munmap(at, size) return false end
  if table then C.munmap(table, table_size) end
  if lists and new ~= lists then C.munmap(lists, lists_size) end
  table, table_size, lists, lists_size, lists_path = at, size, new, new_size, wanted
  local function part(kind, place) return ffi.cast(kind .. ' *', at + place[0]) end
  names, names_last = part('uint64_t', head.names), head.names[1] / 8 - 1
  hosts, hosts_last = part('host_t', head.hosts), head.hosts[1] / 32 - 1
  ranges, ranges_count = part('host_t', head.ranges), head.ranges[1] / 32
  claims, claims_last = part('claim_t', head.claims), head.claims[1] / 16 - 1
  own, below, refused = part('uint64_t', head.own), part('uint64_t', head.below), part('uint64_t', head.refused)
  own_first, below_first, classes = part('uint32_t', head.own_first), part('uint32_t', head.below_first), head.classes
  said, answers, bits = part('uint32_t', head.said), part('answer_t', head.answers), part('uint32_t', head.bits)
  homes, shift, stranger, profiles = head.homes, tonumber(head.shift), head.stranger, head.profiles
  cells, words = nil, nil
  if wanted ~= '' then
    cells, words = ffi.cast('uint64_t *', lists + tonumber(head.cells)), ffi.cast('uint32_t *', lists + tonumber(head.words))
  end
  known, remembered = {}, 0
  return true
end

local function reload()
  local generation = control.generation
  seen, age = generation, tonumber(generation % 0xFFFFFFFFULL) + 1
  ffi.fill(memo, ffi.sizeof(memo))
  if not take(FOLDER .. '/tables-' .. tostring(generation):gsub('ULL', '')) then control.bad = generation end
  for each = 0, 7 do pools[each] = 'p' .. each .. 'g' .. tonumber(generation % 4) end
end

local function pass(dq, pool)
  C.dnsdist_ffi_dnsquestion_set_result(dq, pool, #pool)
  return POOL
end

local function inside(host, from, size)
  if host.size ~= size then return false end
  local whole = rshift(host.prefix, 3)
  for each = 0, whole - 1 do if host.address[each] ~= from[each] then return false end end
  local left = band(host.prefix, 7)
  return left == 0 or rshift(bit.bxor(host.address[whole], from[whole]), 8 - left) == 0
end

local function look_up(from, size)
  local at = tonumber(band(xxh.XXH3_64bits(from, size), ffi.cast('uint64_t', hosts_last)))
  while hosts[at].size ~= 0 do
    if inside(hosts[at], from, size) then return hosts[at].who end
    at = band(at + 1, hosts_last)
  end
  for each = 0, ranges_count - 1 do if inside(ranges[each], from, size) then return ranges[each].who end end
  return stranger
end

local function by_address(dq)
  C.dnsdist_ffi_dnsquestion_get_remoteaddr(dq, address, address_size)
  local from, size = ffi.cast('const uint8_t *', address[0]), tonumber(address_size[0])
  if size == 16 and ffi.string(from, 12) == '\0\0\0\0\0\0\0\0\0\0\255\255' then from, size = from + 12, 4 end
  local key = size == 4 and ffi.cast('const uint32_t *', from)[0] or ffi.string(from, size)
  local who = known[key]
  if not who then
    if remembered > 50000 then known, remembered = {}, 0 end
    who, remembered = look_up(from, size), remembered + 1
    known[key] = who
  end
  return who
end

local function by_claim(path)
  local first, rest = path:match('^/dns%-query/([^/]*)(.*)$')
  local key
  if first == 'cros' then
    local hex = rest:match('^/(%x+)')
    if not hex or #hex ~= 64 then return HAND end
    key = bor(bit.lshift(ffi.cast('uint64_t', tonumber(hex:sub(1, 8), 16)), 32), ffi.cast('uint64_t', tonumber(hex:sub(9, 16), 16)))
  elseif first and first ~= '' and rest == '' then
    C.SHA256(first, #first, digest)
    key = 0ULL
    for each = 0, 7 do key = bor(bit.lshift(key, 8), ffi.cast('uint64_t', digest[each])) end
  else
    return HAND
  end
  local at = tonumber(band(key, ffi.cast('uint64_t', claims_last)))
  while claims[at].digest ~= 0 do
    if claims[at].digest == key then return claims[at].who end
    at = band(at + 1, claims_last)
  end
  return HAND
end

-- The name in lower case into `name`, its labels' beginnings into `starts`; its length and labels, or nil.
local function read(p, len)
  local at, to, labels = 12, 0, 0
  while true do
    if at >= len then return nil end
    local size = p[at]
    if size == 0 then break end
    if size > 63 or at + size >= len or to + size > 253 or labels > 126 then return nil end
    if to > 0 then name[to] = 46 to = to + 1 end
    starts[labels] = to
    for each = at + 1, at + size do
      local letter = LOW[p[each]]
      if letter == 0 then return nil end
      name[to] = letter
      to = to + 1
    end
    labels, at = labels + 1, at + size + 1
  end
  return to, labels, at + 1
end

local function handed(labels, to)
  for each = 0, labels - 1 do
    local hash = xxh.XXH3_64bits(name + starts[each], to - starts[each])
    hashes[each] = hash
    local at = tonumber(band(hash, ffi.cast('uint64_t', names_last)))
    while names[at] ~= 0 do
      if names[at] == hash then return true end
      at = band(at + 1, names_last)
    end
  end
  return false
end

-- The categories of the compiled lists that a name is in; as `Table.mask` of kernel/lists/table.py. `hits` is in how
-- many cells, `hit_first` and `hit_class` which of them was the last.
local hits, hit_first, hit_class = 0, nil, 0
local function walk(labels, to)
  hits = 0
  local first = labels - 2
  if labels > 2 and to - starts[labels - 2] == 3 then first = labels - 3 end -- a.b.c: both last labels of one letter
  local hash = hashes[first]
  local want = bits[tonumber(band(hash, 4095ULL))]
  if band(words[tonumber(rshift(hash, shift))], want) ~= want then return 0ULL end
  local mask, each = 0ULL, first
  while true do
    local low = hash - band(hash, FULL)
    local at = tonumber(rshift(rshift(hash, 32) * homes, 32))
    local cell = cells[at]
    while cell < low do at = at + 1 cell = cells[at] end
    if cell - low < FULL then
      local kind = tonumber(cell - low)
      local masks = each == 0 and own or below
      if masks[kind] ~= 0 then
        mask, hits, hit_class, hit_first = bor(mask, masks[kind]), hits + 1, kind, each == 0 and own_first or below_first
      end
    end
    if each == 0 then return mask end
    if each == first then
      want = bits[tonumber(band(rshift(hash, 12), 4095ULL))]
      if band(words[tonumber(rshift(hash, shift))], want) ~= want then return mask end
    end
    each = each - 1
    hash = hashes[each]
  end
end

-- VI.Alt3.A.2: a refusal for the record. It lies in a mapped file until it is taken from there, whoever falls.
local function tell(p, qtype, behind)
  if mine.told - mine.taken >= 8192ULL then mine.lost = mine.lost + 1 return end
  local note = mine.notes[tonumber(band(mine.told, 8191ULL))]
  local from, size = tonumber(address_size[0]), behind - 16 -- 12 of the header, 4 of type and class
  note.second, note.qtype, note.address_size, note.name_size = C.time(nil), qtype, from, size
  ffi.copy(note.address, address[0], from)
  ffi.copy(note.name, p + 12, size)
  mine.told = mine.told + 1
end

local function say(dq, p, act, behind)
  local text, edns, dnssec = answers[rshift(act, 2)], band(act, 2) ~= 0, band(act, 1) ~= 0
  tell(p, p[behind - 4] * 256 + p[behind - 3], behind)
  local end_of_body = behind + text.body_size
  C.dnsdist_ffi_dnsquestion_set_len(dq, edns and end_of_body + text.opt_size or end_of_body)
  p = ffi.cast(u8, C.dnsdist_ffi_dnsquestion_get_header(dq))
  p[2], p[3] = bor(128, band(p[2], 1)), bor(128, band(p[3], 16), text.flags)
  p[7], p[9] = text.found, text.authorities
  ffi.copy(p + behind, text.body, text.body_size)
  if edns then
    ffi.copy(p + end_of_body, text.opt, text.opt_size)
    if dnssec then p[end_of_body + 7] = 128 end
  end
  return ANSWER
end

-- The times to live of a kept answer, counted down to this second. Without a loop, since `ask` comes here.
local function less(kept, at, gone)
  local ttl = ffi.cast('uint32_t *', kept.rest + kept.ttl_at[at])
  ttl[0] = bit.bswap(bit.bswap(ttl[0]) - gone)
end
local function count_down(kept, now)
  local gone, ttls = now - kept.second, kept.ttls
  kept.second = now
  less(kept, 0, gone)
  if ttls == 1 then return end
  less(kept, 1, gone)
  if ttls == 2 then return end
  less(kept, 2, gone)
  if ttls == 3 then return end
  less(kept, 3, gone)
  if ttls == 4 then return end
  less(kept, 4, gone)
  if ttls == 5 then return end
  less(kept, 5, gone)
  if ttls == 6 then return end
  less(kept, 6, gone)
  if ttls == 7 then return end
  less(kept, 7, gone)
end

-- What dnsdist answered to these very bytes from the memory of this profile under these tables, laid here by count.lua.
-- A thread serves one kind of transport, and so does an answer.
local function say_again(dq, kept, now)
  if kept.second ~= now then count_down(kept, now) end
  local behind = kept.behind
  C.dnsdist_ffi_dnsquestion_set_len(dq, behind + kept.size)
  local p = ffi.cast(u8, C.dnsdist_ffi_dnsquestion_get_header(dq))
  p[2], p[3], p[7], p[9], p[11] = kept.flags[0], kept.flags[1], kept.found, kept.authorities, kept.more
  ffi.copy(p + behind, kept.rest, kept.size)
  return ANSWER
end

-- What a question is to be answered, and where its question section ends. The act of an answer is
-- 2 + (number of the answer * 4 + 2 where there is EDNS + 1 where DNSSEC is wished for).
local function think(p, len, profile)
  if band(p[2], 0xF8) ~= 0 or p[4] ~= 0 or p[5] ~= 1 or p[6] + p[7] + p[8] + p[9] + p[10] ~= 0 or p[11] > 1 then
    return 0, 0
  end
  local to, labels, behind = read(p, len)
  if not to or labels < 2 or behind + 4 > len then return 0, 0 end
  local qtype = p[behind] * 256 + p[behind + 1]
  if p[behind + 2] ~= 0 or p[behind + 3] ~= 1 or qtype == 0 or qtype == 41 or (qtype >= 128 and qtype <= 255) then
    return 0, 0
  end
  if handed(labels, to) then return 0, 0 end
  behind = behind + 4
  local hit = cells and band(walk(labels, to), bor(refused[profile], ASKS)) or 0ULL
  local which = hit ~= 0 and BIT[tonumber(hit)]
  -- In several categories at once: which of them decides is known for one cell. Else the door looks at the lines.
  if hit ~= 0 and not which and hits == 1 and band(hit, ASKS) == 0 then
    which = hit_first[profile * classes + hit_class] - 1
    if which < 0 then which = nil end
  end
  local number = which and said[profile * 62 + which] or 0
  if number == 0 then return 1, behind end
  local edns, dnssec = p[11], 0
  if edns == 1 then
    if len < behind + 11 or p[behind] ~= 0 or p[behind + 1] ~= 0 or p[behind + 2] ~= 41 or p[behind + 6] ~= 0 then return 1, behind end
    if behind + 11 + p[behind + 9] * 256 + p[behind + 10] ~= len then return 1, behind end
    dnssec = p[behind + 7] >= 128 and 1 or 0
  elseif len ~= behind then
    return 1, behind
  end
  local kind = (number - 1) * 3 + (qtype == 1 and 0 or qtype == 28 and 1 or 2)
  if behind + answers[kind].body_size + edns * answers[kind].opt_size > 512 then return 1, behind end
  return 2 + kind * 4 + edns * 2 + dnssec, behind
end

local ask
local learned, afresh = 0, 1024
local function learn(place, key, p, len, profile)
  local act, behind = think(p, len, profile)
  memo[place].key, memo[place].act, memo[place].behind = key, act, behind
  -- While everything is new, LuaJIT may have given `ask` up for the loops that it met here: let it try again.
  learned = learned + 1
  if learned % 256 == 0 then jit.on(ask) end
  -- And what it compiled meanwhile begins with whatever came first. Made afresh, it begins with what comes most.
  if learned == afresh then
    jit.flush()
    afresh = afresh * 4
  end
  return act
end
jit.off(learn)

-- LuaJIT compiles no call with the pointer that dnsdist gives (a light userdata), but finds it as a key. There are
-- few of them: the place of a question on the stack, for each way into dnsdist.
local handles, handles_count = {}, 0
local function handle(given)
  if handles_count > 1000 then handles, handles_count = {}, 0 end
  local made = ffi.cast('dnsdist_ffi_dnsquestion_t *', given)
  handles[given], handles_count = made, handles_count + 1
  return made
end

function ask(given)
  local dq = handles[given] or handle(given)
  if control.generation ~= seen then reload() end
  if not table then return pass(dq, 'door') end
  local who, claimed = by_address(dq), false
  local path = C.dnsdist_ffi_dnsquestion_get_http_path(dq)
  if path ~= nil then
    path = ffi.string(path)
    if path ~= '/dns-query' then claimed, who = true, by_claim(path) end
  end
  if who >= HAND then return pass(dq, 'door') end
  local len, profile = C.dnsdist_ffi_dnsquestion_get_len(dq), band(who, 255)
  local p = ffi.cast(u8, C.dnsdist_ffi_dnsquestion_get_header(dq))
  local key = xxh.XXH3_64bits_withSeed(p + 2, len - 2, seeds[profile])
  local pair = tonumber(band(key, PAIRS))
  local again = shared.kept[pair]
  if again.key ~= key then again = shared.kept[pair + 1] end
  if again.key == key and again.age == age then
    local now = tonumber(C.time(nil))
    if now < again.ends then
      local at = rshift(who, 8)
      mine.counts[at] = mine.counts[at] + 1
      return say_again(dq, again, now)
    end
  end
  local place = tonumber(band(key, LAST))
  local act = memo[place].act
  if memo[place].key ~= key then act = learn(place, key, p, len, profile) end
  if act == 1 then
    -- An answer for everybody of this profile may be remembered, unless the memory of older rules is not emptied yet
    -- or a door may still answer by older rules.
    if control.emptied + 3 < seen or control.agreed ~= seen then return pass(dq, 'door') end
    shared.key, shared.place, shared.age, shared.behind = key, rshift(who, 8), age, memo[place].behind
    return pass(dq, pools[profile])
  end
  if act == 0 or claimed then return pass(dq, 'door') end
  return say(dq, p, act - 2, memo[place].behind)
end

return ask
