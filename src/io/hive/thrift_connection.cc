// The socket under a metastore's client.
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "io/hive/thrift.h"

namespace synthmill::io::hive {

namespace {

constexpr uint32_t kVersion = 0x80010000;
constexpr uint32_t kVersionMask = 0xffff0000;
enum Message { kCall = 1, kReply = 2, kException = 3 };
constexpr int16_t kMostExceptions = 8;  // that a call of the metastore declares

using Clock = std::chrono::steady_clock;

int MillisUntil(Clock::time_point end) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
  return static_cast<int>(std::max<int64_t>(left.count(), 0));
}

arrow::Status SystemError(const char* what, int error) {
  return arrow::Status::IOError(what, ": ", std::strerror(error));
}

class Socket {
 public:
  explicit Socket(int fd) : fd_(fd) {}
  ~Socket() { ::close(fd_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  arrow::Status Wait(short events, Clock::time_point end) {
    pollfd p{fd_, events, 0};
    while (true) {
      const int n = ::poll(&p, 1, MillisUntil(end));
      if (n > 0) return arrow::Status::OK();
      if (n == 0) return arrow::Status::IOError("no answer in time");
      if (errno != EINTR) return SystemError("cannot wait", errno);
    }
  }

  arrow::Status Send(std::string_view bytes, Clock::time_point end) {
    while (!bytes.empty()) {
      const ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n > 0) {
        bytes.remove_prefix(static_cast<size_t>(n));
      } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
        ARROW_RETURN_NOT_OK(Wait(POLLOUT, end));
      } else if (errno != EINTR) {
        return SystemError("cannot send", errno);
      }
    }
    return arrow::Status::OK();
  }

  // Appends what has come, at least one byte.
  arrow::Status Receive(std::string* out, Clock::time_point end) {
    char buffer[64 * 1024];
    while (true) {
      const ssize_t n = ::recv(fd_, buffer, sizeof buffer, 0);
      if (n > 0) {
        out->append(buffer, static_cast<size_t>(n));
        return arrow::Status::OK();
      }
      if (n == 0) return arrow::Status::IOError("the connection was closed");
      if (errno == EAGAIN || errno == EWOULDBLOCK) {
        ARROW_RETURN_NOT_OK(Wait(POLLIN, end));
      } else if (errno != EINTR) {
        return SystemError("cannot receive", errno);
      }
    }
  }

  arrow::Status Connect(const addrinfo& address, Clock::time_point end) {
    if (::connect(fd_, address.ai_addr, address.ai_addrlen) == 0) return arrow::Status::OK();
    if (errno != EINPROGRESS) return SystemError("cannot connect", errno);
    ARROW_RETURN_NOT_OK(Wait(POLLOUT, end));
    int error = 0;
    socklen_t size = sizeof error;
    if (::getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
    return error == 0 ? arrow::Status::OK() : SystemError("cannot connect", error);
  }

  void NoDelay() {
    const int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);  // only a little slower without
  }

 private:
  int fd_;
};

class SocketInput : public ThriftInput {
 public:
  SocketInput(Socket* socket, Clock::time_point end) : socket_(socket), end_(end) {}
  arrow::Result<std::string_view> Take(size_t n) override {
    if (bytes_.size() - used_ < n) {
      bytes_.erase(0, used_);
      used_ = 0;
      while (bytes_.size() < n) ARROW_RETURN_NOT_OK(socket_->Receive(&bytes_, end_));
    }
    used_ += n;
    return std::string_view(bytes_).substr(used_ - n, n);
  }

 private:
  Socket* socket_;
  Clock::time_point end_;
  std::string bytes_;
  size_t used_ = 0;
};

class Connection : public ThriftConnection {
 public:
  explicit Connection(std::unique_ptr<Socket> socket) : socket_(std::move(socket)) {}

  arrow::Result<ThriftReply> Call(const std::string& method, const ThriftValue& arguments,
                                  int answer_millis) override {
    const auto end = Clock::now() + std::chrono::milliseconds(answer_millis);
    std::string question;
    ThriftValue::I32(static_cast<int32_t>(kVersion | kCall)).Encode(&question);
    ThriftValue::String(method).Encode(&question);
    ThriftValue::I32(++sequence_).Encode(&question);
    arguments.Encode(&question);
    ARROW_RETURN_NOT_OK(socket_->Send(question, end));

    SocketInput in(socket_.get(), end);
    ARROW_ASSIGN_OR_RAISE(const auto head, ThriftValue::Decode(ThriftValue::kI32, &in));
    const auto word = static_cast<uint32_t>(head.number());
    if ((word & kVersionMask) != kVersion) {
      return arrow::Status::IOError("it speaks another protocol");
    }
    ARROW_ASSIGN_OR_RAISE(const auto name, ThriftValue::Decode(ThriftValue::kString, &in));
    ARROW_ASSIGN_OR_RAISE(const auto number, ThriftValue::Decode(ThriftValue::kI32, &in));
    ARROW_ASSIGN_OR_RAISE(const auto body, ThriftValue::Decode(ThriftValue::kStruct, &in));
    ThriftReply reply;
    if ((word & 0xff) == kException) {
      reply.exception = -1;
      reply.message = body.at(1).text();
      return reply;
    }
    if ((word & 0xff) != kReply || name.text() != method || number.number() != sequence_) {
      return arrow::Status::IOError("it answers another question");
    }
    reply.result = body.at(0);
    for (int16_t field = 1; field <= kMostExceptions; ++field) {
      if (body.at(field).type() != ThriftValue::kStruct) continue;
      reply.exception = field;
      reply.message = body.at(field).at(1).text();
    }
    return reply;
  }

 private:
  std::unique_ptr<Socket> socket_;
  int32_t sequence_ = 0;
};

}  // namespace

arrow::Result<std::unique_ptr<ThriftConnection>> ThriftConnection::Open(const std::string& host,
                                                                        int port,
                                                                        int connect_millis) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* raw = nullptr;
  const int failed = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &raw);
  if (failed != 0) {
    return arrow::Status::IOError("the host is not known: ", ::gai_strerror(failed));
  }
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> addresses(raw, ::freeaddrinfo);
  arrow::Status status = arrow::Status::IOError("the host has no address");
  for (const addrinfo* a = addresses.get(); a; a = a->ai_next) {
    const int fd = ::socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
      status = SystemError("no socket", errno);
      continue;
    }
    auto socket = std::make_unique<Socket>(fd);
    status = socket->Connect(*a, Clock::now() + std::chrono::milliseconds(connect_millis));
    if (!status.ok()) continue;
    socket->NoDelay();
    return std::make_unique<Connection>(std::move(socket));
  }
  return status;
}

}  // namespace synthmill::io::hive
