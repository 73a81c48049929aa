using Microsoft.AspNetCore.Server.Kestrel.Core;
using Weft.Http.Bounds;
using Weft.Serve.Room;

namespace Weft.Serve;

/// <summary>Where the web server listens, and what it does with a connection before a request is read.</summary>
internal static class KestrelListening
{
    public static void Configure(KestrelServerOptions kestrel, ServeOptions options, TlsCertificate? certificate)
    {
        kestrel.AddServerHeader = false;
        kestrel.RequestHeaderEncodingSelector = DigitsOnlyContentLength.Select;
        KestrelBounds.Apply(kestrel.Limits, options);
        kestrel.Listen(System.Net.IPAddress.Parse(options.Host), options.Port, listen =>
        {
            listen.Use(kestrel.ApplicationServices.GetRequiredService<ConnectionCount>().Guard);
            var all = KestrelBounds.Connections(options.Bounds.Connections, OpenFiles.Max);
            var perAddress = AddressConnections.MaxFor(options.Bounds.ConnectionsPerAddress, all);
            if (perAddress > 0) listen.Use(new AddressConnections(perAddress, options.Network.TrustedProxies).Guard);
            // With HTTP/2 one connection is a hundred requests, so that no bound on connections bounds anything.
            listen.Protocols = HttpProtocols.Http1;
            if (certificate is null) return;
            if (options.Lab) PlainBesideTls.Use(listen, tls => tls.UseCertificate(certificate));
            else listen.UseCertificate(certificate);
        });
    }
}
