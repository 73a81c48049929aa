using System.Text;

namespace Weft.Bench.Http;

/// <summary>The bytes of requests, made once where they are sent often.</summary>
internal static class HttpRequest
{
    public static byte[] Get(string path) => Encoding.UTF8.GetBytes($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");

    public static byte[] Post(string path, string json) => Encoding.UTF8.GetBytes(
        $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: " +
        $"{Encoding.UTF8.GetByteCount(json)}\r\n\r\n{json}");
}
