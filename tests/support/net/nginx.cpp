#include "support/net/nginx.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include <fstream>
#include <stdexcept>

namespace earshot::test {
namespace {

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

}  // namespace

int free_port() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t length = sizeof address;
  const bool bound = bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
                     getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) == 0;
  close(fd);
  if (!bound) throw std::runtime_error("no port is free");
  return ntohs(address.sin_port);
}

int dial(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port);
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    close(fd);
    return -1;
  }
  const int one = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  return fd;
}

std::string gzip(const std::string& plain) {
  z_stream z{};
  deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&z, plain.size()), '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  z.avail_in = static_cast<uInt>(plain.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  deflate(&z, Z_FINISH);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

Nginx::Nginx()
    : port(free_port()),
      tls_port(free_port()),
      folder_(std::filesystem::temp_directory_path() / ("earshot-nginx-" + std::to_string(getpid()))) {
  std::filesystem::create_directories(folder_ / "www");
  std::filesystem::permissions(folder_, std::filesystem::perms::all);
  const auto identity = authority.server();
  std::ofstream(folder_ / "key.pem") << Authority::key_pem(identity);
  std::ofstream(folder_ / "cert.pem") << Authority::certificate_pem(identity);
  std::ofstream(folder_ / "nginx.conf")
      << "daemon off; master_process off; pid nginx.pid; error_log stderr crit;\n"
      << "events { worker_connections 4096; }\n"
      << "http { access_log off; keepalive_requests 100000000; gzip_static on; default_type application/rss+xml;\n"
      << "  client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3; uwsgi_temp_path t4; scgi_temp_path "
         "t5;\n"
      << "  ssl_certificate cert.pem; ssl_certificate_key key.pem; ssl_session_cache shared:a:10m;\n"
      << "  server { listen 127.0.0.1:" << port << "; listen 127.0.0.1:" << tls_port << " ssl; root www;\n"
      << "    location /closing/ { alias www/; keepalive_timeout 0; } } }\n";
  pid_ = fork();
  if (pid_ == 0) {
    if (chdir(folder_.c_str()) != 0) _exit(126);
    execlp("nginx", "nginx", "-p", folder_.c_str(), "-c", "nginx.conf", static_cast<char*>(nullptr));
    execl("/usr/sbin/nginx", "nginx", "-p", folder_.c_str(), "-c", "nginx.conf", static_cast<char*>(nullptr));
    _exit(127);
  }
  for (int i = 0; i < 500; ++i) {
    if (const int fd = dial(port); fd >= 0) {
      close(fd);
      return;
    }
    if (waitpid(pid_, nullptr, WNOHANG) != 0) throw std::runtime_error("nginx did not start (is it installed?)");
    usleep(10'000);
  }
  throw std::runtime_error("nginx does not listen");
}

Nginx::~Nginx() {
  kill(pid_, SIGTERM);
  waitpid(pid_, nullptr, 0);
  std::filesystem::remove_all(folder_);
}

void Nginx::put(std::string_view name, const std::string& document) const {
  std::ofstream(www() / name) << document;
  std::ofstream(www() / (std::string(name) + ".gz")) << gzip(document);
}

}  // namespace earshot::test
