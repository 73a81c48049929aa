namespace Weft.Serve.Room;

/// <summary>The coordinator's output about its room: the link to join, also as a code, and the CA to trust.</summary>
internal static class RoomBanner
{
    public static void Print(TextWriter output, Coordinator coordinator, ServeOptions options, bool isTerminal)
    {
        var link = JoinLink.Of(options, coordinator.Url, coordinator.JoinToken);
        var file = coordinator.JoinToken is null ? null : JoinLink.FileOf(options);
        var isKept = file is not null && JoinLink.TryKeep(file, link);
        output.WriteLine("  The room");
        if (isTerminal || coordinator.JoinToken is null)
        {
            output.WriteLine($"    Join      {link}");
            output.WriteLine();
            foreach (var line in QrText.Lines(QrCode.Of(link))) output.WriteLine($"    {line}");
            output.WriteLine();
        }
        else output.WriteLine(isKept ? $"    Join      the link is in {file}" : "    Join      the link can't be kept");

        if (options.RoomFolder is { } folder)
        {
            using var authority = folder.Authority;
            output.WriteLine($"    Trust     {folder.AuthorityFile}, until {authority.NotAfter:yyyy-MM-dd}");
            output.WriteLine($"    SHA-256   {RoomAuthority.Fingerprint(authority)}");
        }

        output.WriteLine();
    }
}
