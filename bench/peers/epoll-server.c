/*
 * The limit: the arena in C with epoll, one thread. It speaks WebSocket and the records of
 * record-wire.mjs, builds one frame per world and tick and writes it to each socket. It validates
 * nothing. Ends with SIGTERM, or with whoever started it (end of stdin).
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define CLIENTS_MAX 20000
#define WORLDS_MAX 1000
#define WORLD_PLAYERS_MAX 256
#define INPUT_BYTES_MAX 2048
#define RECORD_BYTES 17
#define TICK_NS 50000000
#define STEP_METRES 0.25f
#define FIELD_METRES 100.0f

typedef struct {
  int fd, world, slot, upgraded, filled;
  uint32_t id;
  float x, y, yaw, dx, dy;
  uint8_t in[INPUT_BYTES_MAX];
} client;

typedef struct {
  client *players[WORLD_PLAYERS_MAX];
  int count;
} world;

static client *clients[CLIENTS_MAX];
static world worlds[WORLDS_MAX];
static uint32_t next_id = 1, tick_number = 0;
static int poll_fd;

static uint32_t rol(uint32_t v, int n) { return (v << n) | (v >> (32 - n)); }

/* SHA-1 of a short text: FIPS 180-4, for the handshake of RFC 6455 alone. */
static void sha1(const uint8_t *text, size_t length, uint8_t out[20]) {
  uint8_t block[128] = {0};
  uint32_t h[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
  memcpy(block, text, length);
  block[length] = 0x80;
  size_t total = length + 9 <= 64 ? 64 : 128;
  uint64_t bits = (uint64_t)length * 8;
  for (int i = 0; i < 8; i++) block[total - 1 - i] = (uint8_t)(bits >> (8 * i));
  for (size_t at = 0; at < total; at += 64) {
    uint32_t w[80];
    for (int i = 0; i < 16; i++) {
      uint32_t word;
      memcpy(&word, block + at + 4 * i, 4);
      w[i] = ntohl(word);
    }
    for (int i = 16; i < 80; i++) w[i] = rol(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    uint32_t a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
    for (int i = 0; i < 80; i++) {
      uint32_t f, k;
      if (i < 20) f = (b & c) | (~b & d), k = 0x5A827999;
      else if (i < 40) f = b ^ c ^ d, k = 0x6ED9EBA1;
      else if (i < 60) f = (b & c) | (b & d) | (c & d), k = 0x8F1BBCDC;
      else f = b ^ c ^ d, k = 0xCA62C1D6;
      uint32_t t = rol(a, 5) + f + e + k + w[i];
      e = d, d = c, c = rol(b, 30), b = a, a = t;
    }
    h[0] += a, h[1] += b, h[2] += c, h[3] += d, h[4] += e;
  }
  for (int i = 0; i < 5; i++) {
    uint32_t word = htonl(h[i]);
    memcpy(out + 4 * i, &word, 4);
  }
}

static void base64(const uint8_t *in, int length, char *out) {
  static const char digits[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (int i = 0; i < length; i += 3) {
    uint32_t v = (uint32_t)in[i] << 16;
    if (i + 1 < length) v |= (uint32_t)in[i + 1] << 8;
    if (i + 2 < length) v |= in[i + 2];
    *out++ = digits[v >> 18 & 63];
    *out++ = digits[v >> 12 & 63];
    *out++ = i + 1 < length ? digits[v >> 6 & 63] : '=';
    *out++ = i + 2 < length ? digits[v & 63] : '=';
  }
  *out = 0;
}

static void send_all(client *c, const uint8_t *bytes, size_t length) {
  /* A full socket loses the state: nobody is slow on loopback. */
  if (send(c->fd, bytes, length, MSG_NOSIGNAL) < 0 && errno != EAGAIN) shutdown(c->fd, SHUT_RDWR);
}

static void leave(client *c) {
  if (c->world >= 0) {
    world *w = &worlds[c->world];
    client *last = w->players[--w->count];
    w->players[c->slot] = last;
    last->slot = c->slot;
  }
  clients[c->fd] = NULL;
  close(c->fd);
  free(c);
}

/* 1 = upgraded, 0 = more is to come, -1 = no WebSocket. */
static int upgrade(client *c) {
  c->in[c->filled] = 0;
  char *end = strstr((char *)c->in, "\r\n\r\n");
  if (end == NULL) return 0;
  char *key = strcasestr((char *)c->in, "sec-websocket-key:");
  if (key == NULL) return -1;
  key += 18;
  while (*key == ' ') key++;
  char text[128], accept[32], answer[256];
  uint8_t hash[20];
  int length = snprintf(text, sizeof text, "%.24s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key);
  sha1((uint8_t *)text, (size_t)length, hash);
  base64(hash, 20, accept);
  length = snprintf(answer, sizeof answer,
                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                    "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
                    accept);
  send_all(c, (uint8_t *)answer, (size_t)length);
  int used = (int)(end + 4 - (char *)c->in);
  memmove(c->in, c->in + used, (size_t)(c->filled - used));
  c->filled -= used;
  c->upgraded = 1;
  return 1;
}

static float somewhere(void) { return 5 + (float)rand() / (float)RAND_MAX * (FIELD_METRES - 10); }

static void enter(client *c, int number) {
  world *w = &worlds[number % WORLDS_MAX];
  if (c->world >= 0 || w->count == WORLD_PLAYERS_MAX) return;
  c->world = number % WORLDS_MAX;
  c->slot = w->count;
  c->id = next_id++;
  c->x = somewhere();
  c->y = somewhere();
  w->players[w->count++] = c;
  uint8_t welcome[7] = {0x82, 5, 2};
  memcpy(welcome + 3, &c->id, 4);
  send_all(c, welcome, sizeof welcome);
}

static void take(client *c, const uint8_t *message, int length) {
  if (length == 3 && message[0] == 1) enter(c, message[1] | message[2] << 8);
  if (length != 13 || message[0] != 3) return;
  memcpy(&c->dx, message + 1, 4);
  memcpy(&c->dy, message + 5, 4);
  memcpy(&c->yaw, message + 9, 4);
}

/* Masked frames of at most 125 bytes: that is all the generator sends. False: the peer is gone. */
static int take_frames(client *c) {
  int at = 0;
  while (c->filled - at >= 6) {
    uint8_t *frame = c->in + at;
    int length = frame[1] & 0x7f;
    if (length > 125 || (frame[0] & 0x0f) == 8) return 0;
    if (c->filled - at < 6 + length) break;
    for (int i = 0; i < length; i++) frame[6 + i] ^= frame[2 + (i & 3)];
    if ((frame[0] & 0x0f) == 2) take(c, frame + 6, length);
    at += 6 + length;
  }
  memmove(c->in, c->in + at, (size_t)(c->filled - at));
  c->filled -= at;
  return 1;
}

static void receive(client *c) {
  ssize_t got = recv(c->fd, c->in + c->filled, (size_t)(INPUT_BYTES_MAX - 1 - c->filled), 0);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0) return leave(c);
  c->filled += (int)got;
  if (!c->upgraded && upgrade(c) < 0) return leave(c);
  if (c->upgraded && !take_frames(c)) return leave(c);
  if (c->filled == INPUT_BYTES_MAX - 1) leave(c);
}

static float clamp(float v) { return v < 0 ? 0 : v > FIELD_METRES ? FIELD_METRES : v; }

static void tick(void) {
  static uint8_t frame[4 + 5 + WORLD_PLAYERS_MAX * RECORD_BYTES];
  tick_number++;
  for (int n = 0; n < WORLDS_MAX; n++) {
    world *w = &worlds[n];
    if (w->count == 0) continue;
    int length = 5 + w->count * RECORD_BYTES, head = length < 126 ? 2 : 4;
    uint8_t *out = frame;
    *out++ = 0x82;
    if (head == 2) *out++ = (uint8_t)length;
    else *out++ = 126, *out++ = (uint8_t)(length >> 8), *out++ = (uint8_t)length;
    *out++ = 4;
    memcpy(out, &tick_number, 4);
    out += 4;
    for (int i = 0; i < w->count; i++) {
      client *c = w->players[i];
      c->x = clamp(c->x + c->dx * STEP_METRES);
      c->y = clamp(c->y + c->dy * STEP_METRES);
      memcpy(out, &c->id, 4);
      memcpy(out + 4, &c->x, 4);
      memcpy(out + 8, &c->y, 4);
      memcpy(out + 12, &c->yaw, 4);
      out[16] = 1;
      out += RECORD_BYTES;
    }
    for (int i = 0; i < w->count; i++) send_all(w->players[i], frame, (size_t)(head + length));
  }
}

static void admit(int server) {
  for (;;) {
    int fd = accept4(server, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC), one = 1;
    if (fd < 0) return;
    if (fd >= CLIENTS_MAX) {
      close(fd);
      continue;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    client *c = calloc(1, sizeof *c);
    c->fd = fd;
    c->world = -1;
    clients[fd] = c;
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    epoll_ctl(poll_fd, EPOLL_CTL_ADD, fd, &event);
  }
}

static void watch(int fd) {
  struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
  epoll_ctl(poll_fd, EPOLL_CTL_ADD, fd, &event);
}

int main(void) {
  signal(SIGPIPE, SIG_IGN);
  int server = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  if (bind(server, (struct sockaddr *)&address, size) < 0 || listen(server, 1024) < 0) return 1;
  getsockname(server, (struct sockaddr *)&address, &size);
  int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  struct itimerspec every = {.it_interval.tv_nsec = TICK_NS, .it_value.tv_nsec = TICK_NS};
  timerfd_settime(timer, 0, &every, NULL);
  poll_fd = epoll_create1(EPOLL_CLOEXEC);
  watch(server);
  watch(timer);
  watch(STDIN_FILENO);
  printf("{\"port\":%d,\"versions\":{\"gcc\":\"%s\"},"
         "\"settings\":{\"frames\":\"one per world and tick\",\"threads\":1}}\n",
         ntohs(address.sin_port), __VERSION__);
  fflush(stdout);
  for (;;) {
    struct epoll_event events[256];
    int count = epoll_wait(poll_fd, events, 256, -1);
    for (int i = 0; i < count; i++) {
      int fd = events[i].data.fd;
      uint64_t expired;
      char byte;
      if (fd == server) admit(server);
      else if (fd == timer) while (read(timer, &expired, 8) == 8) tick();
      else if (fd == STDIN_FILENO) {
        if (read(fd, &byte, 1) <= 0) return 0;
      } else if (clients[fd] != NULL) receive(clients[fd]);
    }
  }
}
