using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Weft.Background;

namespace Weft.Serve;

/// <summary>Serves https if there is a certificate, and reloads it when it changes.</summary>
internal static class TlsServing
{
    // Reads two small files, which costs little, and picks up a new certificate soon enough.
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(10);

    public static void Add(WebApplicationBuilder builder, TlsCertificate certificate)
    {
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.AddSingleton<IHostedService>(provider =>
        {
            var log = provider.GetRequiredService<ILoggerFactory>().CreateLogger("Weft.Serve.Tls");
            return new PeriodicService("Certificate", RefreshInterval,
                async stop => await certificate.RefreshAsync(log, stop) ? 1 : 0,
                provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<PeriodicService>>());
        });
    }

    public static void UseCertificate(this ListenOptions listen, TlsCertificate certificate) =>
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = _ => ValueTask.FromResult(certificate.Current),
        });
}
