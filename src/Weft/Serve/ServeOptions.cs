using Weft.Background;
using Weft.Core;
using Weft.Http.Bounds;
using Weft.Metrics;
using Weft.Serve.Room;

namespace Weft.Serve;

/// <summary>
/// The options of the coordinator: each member is a flag, a <c>WEFT_…</c> variable and a line of <c>weft.json</c>.
/// </summary>
public sealed class ServeOptions
{
    public const string DataDefault = "weft-data";
    public const long BodyBytesMaxDefault = ServeBounds.ResultBytesMaxDefault;

    /// <summary>The address to listen on. Default: this machine only.</summary>
    public string Host { get; set; } = "127.0.0.1";

    /// <summary>0 to 65535; 0 chooses a free one. Default: 8080.</summary>
    public int Port { get; set; } = 8080;

    /// <summary>
    /// Whether tokens are required. Null: decided by the address, see <see cref="AccessSettings"/>; until then, they
    /// are not.
    /// </summary>
    public AccessMode? Access { get; set; }

    /// <summary>True: no tokens, whatever the address.</summary>
    public bool Open { get; set; }

    /// <summary>True: serve a room of browsers, see <see cref="RoomSettings"/>.</summary>
    public bool Lab { get; set; }

    /// <summary>The folder of the room's own certificate; null: another certificate, or none.</summary>
    internal RoomFolder? RoomFolder { get; set; }

    /// <summary>True: the six frozen endpoints need no token even if the others do.</summary>
    public bool LegacyOpen { get; set; }

    /// <summary>How others reach it.</summary>
    public ServeNetwork Network { get; set; } = new();

    /// <summary>The folder of the embedded store; created when it doesn't exist.</summary>
    public string Data { get; set; } = DataDefault;

    /// <summary>
    /// A PostgreSQL database that coordinators share, as an Npgsql connection string; null: the embedded store. It
    /// contains a password: never log it.
    /// </summary>
    public string? Store { get; set; }

    /// <summary>A folder to serve besides the API; null for none.</summary>
    public string? Web { get; set; }

    /// <summary>The <c>weft.json</c> that some options were read from; null for none.</summary>
    public string? File { get; set; }

    /// <summary>The default lease of tasks.</summary>
    public TimeSpan LeaseTime { get; set; } = Limits.LeaseTimeDefault;

    /// <summary>How long finished tasks are kept. Default: 7 days.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// Who may read <c>/metrics</c>. Null: the same as for everything else, see <see cref="Access"/>.
    /// </summary>
    public MetricsMode? Metrics { get; set; }

    /// <summary>How many queues have metrics of their own. Default: 100.</summary>
    public int MetricsQueues { get; set; } = Limits.MetricsQueuesDefault;

    /// <summary>Where webhooks may be sent.</summary>
    public WebhookOptions Webhooks { get; } = new();

    /// <summary>
    /// Whether JavaScript modules, which workers' browsers run, are accepted and served. Default: no.
    /// </summary>
    public bool AllowJavaScriptModules { get; set; }

    /// <summary>
    /// Whether Python modules are accepted and served. Null: only if no token is required and only this machine can
    /// reach the coordinator, see <see cref="AccessSettings"/>.
    /// </summary>
    public bool? AllowPythonModules { get; set; }

    /// <summary>Whether volunteers may give names, which a board shows with their counts. Default: no.</summary>
    public bool Board { get; set; }

    /// <summary>Limit of a request's body on the frozen surface, in bytes. Default: 10 MiB.</summary>
    public long BodyBytesMax { get; set; } = BodyBytesMaxDefault;

    /// <summary>The other limits.</summary>
    public ServeBounds Bounds { get; } = new();
}
