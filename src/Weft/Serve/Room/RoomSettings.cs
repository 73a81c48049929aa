using Weft.CommandLine;

namespace Weft.Serve.Room;

/// <summary>
/// <c>--lab</c>: the settings for a room, in one flag. It presets where the coordinator listens, who may use it, the
/// certificate, and that Python runs; explicit settings take precedence.
/// </summary>
internal static class RoomSettings
{
    private const string AllAddresses = "0.0.0.0";

    /// <summary>Comes before the others, which override its presets.</summary>
    public static Setting<ServeOptions> Lab { get; } = new FlagSetting<ServeOptions>("lab",
        "Serve a room of browsers: on the network, with tokens, with https by a certificate of its own in " +
        $"{RoomFolder.NameDefault}/, and with a link to join",
        static (options, value) =>
        {
            options.Lab = value;
            if (value) options.Host = AllAddresses;
        });

    /// <summary>Creates a missing certificate, unless another one is given.</summary>
    /// <exception cref="CommandFailure">The certificate can't be created.</exception>
    public static void Complete(ServeOptions options)
    {
        if (!options.Lab) return;
        // The functions that a room computes are in Python, and run in its browsers' sandboxes.
        options.AllowPythonModules ??= true;
        if (options.Network.TlsCert is not null || options.Network.TlsKey is not null) return;
        var folder = new RoomFolder(Path.GetFullPath(RoomFolder.NameDefault));
        var names = RoomNames.OfThisMachine(options.Network.PublicNames.Where(static name => name != "*"));
        folder.Ensure(names, TimeProvider.System.GetUtcNow());
        options.RoomFolder = folder;
        (options.Network.TlsCert, options.Network.TlsKey) = (folder.CertFile, folder.KeyFile);
    }
}
