using System.Globalization;
using System.Text;

namespace Weft.Testing.Fronts;

/// <summary>What a <see cref="LyingFront"/> says in the coordinator's place.</summary>
/// <param name="Bytes">The whole answer; null: nothing.</param>
/// <param name="Ends">True: the connection is cut after it. False: it is held open.</param>
internal sealed record FrontAnswer(byte[]? Bytes, bool Ends = true)
{
    /// <summary>Nothing is ever said, until the front tells the truth again.</summary>
    public static readonly FrontAnswer Silence = new(Bytes: null, Ends: false);

    /// <summary>The connection breaks while the request is being read.</summary>
    public static readonly FrontAnswer Break = new(Bytes: null, Ends: true);

    /// <summary>A success that ends in the middle.</summary>
    public static readonly FrontAnswer CutBody = Of(200, "application/json", "{\"tasks\":[{\"id\":", missing: 100);

    /// <summary>A success of JSON that isn't a coordinator's.</summary>
    public static readonly FrontAnswer OtherJson = Of(200, "application/json", "{\"status\":\"ok\"}");

    /// <summary>A proxy's page.</summary>
    public static FrontAnswer Page(int status, params string[] headers) =>
        Of(status, "text/html", $"<html><body><h1>default backend - {status}</h1></body></html>", missing: 0, headers);

    /// <summary>What the coordinator itself would say.</summary>
    public static FrontAnswer Problem(int status, string code, string detail = "Try again.", params string[] headers) =>
        Of(
            status, "application/problem+json",
            $$"""{"type":"urn:weft:problem:{{code}}","title":"Trouble","status":{{status}},"code":"{{code}}","detail":"{{detail}}"}""", missing: 0, headers);

    /// <summary>Results of a group, as the coordinator itself would give them.</summary>
    public static FrontAnswer Json(string body) => Of(200, "application/json", body);

    public static FrontAnswer Lines(string lines) => Of(200, "application/x-ndjson", lines + "\n");

    private static FrontAnswer Of(int status, string type, string body, int missing = 0, params string[] headers)
    {
        var length = (Encoding.UTF8.GetByteCount(body) + missing).ToString(CultureInfo.InvariantCulture);
        var more = string.Concat(headers.Select(static header => header + "\r\n"));
        return new(
            Encoding.UTF8.GetBytes($"HTTP/1.1 {status} Front\r\nContent-Type: {type}\r\nContent-Length: " +
                $"{length}\r\nConnection: close\r\n{more}\r\n{body}"));
    }
}
