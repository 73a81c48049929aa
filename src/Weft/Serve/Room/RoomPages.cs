using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Weft.Http;
using Weft.Http.Access;

namespace Weft.Serve.Room;

/// <summary>
/// The data for the page <c>/join/</c>, and the CA that it offers, in the two formats that systems read.
/// </summary>
internal static class RoomPages
{
    private const string JoinPath = "/join/";
    private const string CertificateType = "application/x-x509-ca-cert";

    /// <summary>
    /// Redirects people who type the address without a scheme to the page that explains the rest. This machine doesn't
    /// need it: browsers treat localhost as secure.
    /// </summary>
    public static void UseWeftRoom(this IApplicationBuilder app, ServeOptions options)
    {
        if (options.RoomFolder is null) return;
        app.Use(static next => context =>
        {
            var request = context.Request;
            if (request.IsHttps || request.Path != "/" || !HttpMethods.IsGet(request.Method) || IsHere(request.Host))
                return next(context);
            context.Response.StatusCode = StatusCodes.Status302Found;
            context.Response.Headers.CacheControl = "no-store";
            context.Response.Headers.Location = $".{JoinPath}";
            return Task.CompletedTask;
        });
    }

    public static void MapWeftRoom(this WebApplication app, ServeOptions options)
    {
        if (!options.Lab) return;
        var url = new Lazy<Uri>(() =>
            new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()));
        using var authority = options.RoomFolder?.Authority;
        var fingerprint = authority is null ? null : RoomAuthority.Fingerprint(authority);
        var expires = authority?.NotAfter.ToUniversalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        app.MapRead($"{JoinPath}room.json", context => JsonResponse.WriteAsync(context,
            Describe(JoinLink.Of(options, url.Value, token: null), fingerprint, expires))).AllowAnybody();
        if (authority is null) return;
        var (binary, text) = (authority.RawData, System.Text.Encoding.ASCII.GetBytes(
            authority.ExportCertificatePem() + "\n"));
        app.MapRead($"{JoinPath}weft-room-ca.crt", context => SendAsync(context, binary)).AllowAnybody();
        app.MapRead($"{JoinPath}weft-room-ca.pem", context => SendAsync(context, text)).AllowAnybody();
    }

    private static byte[] Describe(string join, string? fingerprint, string? expires)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, JsonResponse.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("join", join);
            if (fingerprint is not null) json.WriteString("sha256", fingerprint);
            if (expires is not null) json.WriteString("expires", expires);
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static Task SendAsync(HttpContext context, byte[] certificate) =>
        JsonResponse.WriteAsync(context, certificate, contentType: CertificateType);

    private static bool IsHere(HostString host) =>
        host.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
