using System.CommandLine;
using Weft.CommandLine;
using Weft.CommandLine.Help;
using Weft.Serve.Room;

namespace Weft.Cli.Cert;

/// <summary><c>weft cert</c>: a private CA, and a certificate for the coordinator.</summary>
internal static class CertCommand
{
    public static Command Create()
    {
        var hosts = new Option<string[]>("--host")
        {
            Description = "Host name or IP address by which browsers open the coordinator; may be repeated [default: " +
                "this machine's]",
            HelpName = "name",
        };
        var folder = new Option<string>("--out")
        {
            Description = $"Folder for the files; nothing in it is overwritten [default: {RoomFolder.NameDefault}]",
            HelpName = "folder",
            DefaultValueFactory = static _ => RoomFolder.NameDefault,
        };
        var renew = new Option<bool>("--renew")
        {
            Description = "Issue a new certificate from the existing CA, which the computers already trust",
        };
        var command = new Command("cert",
            "Create a CA that a room's browsers can be set to trust, and a certificate with which the " +
            "coordinator serves https. 'weft serve --lab' does both.") { hosts, folder, renew };
        command.SetAction(flags => Run(flags.GetValue(hosts) ?? [], flags.GetRequiredValue(folder),
            flags.GetValue(renew)));
        return command.WithExamples("weft cert --host lab-server --host 192.0.2.2", "weft cert --renew");
    }

    private static int Run(string[] hosts, string path, bool renews)
    {
        var names = hosts.Length > 0 ? RoomNames.Of(hosts) : RoomNames.OfThisMachine();
        var folder = new RoomFolder(path);
        var now = TimeProvider.System.GetUtcNow();
        if (renews) folder.Renew(names, now);
        else folder.Create(names, now);
        using var authority = folder.Authority;
        using var certificate = folder.Certificate;
        // The coordinator accepts addresses and these names without configuration.
        string[] known = [.. RoomNames.OfThisMachine().Dns];
        var publicNames = string.Join(',', names.Dns.Except(known, StringComparer.Ordinal));
        Console.Out.WriteLine($"""
            CA            {folder.AuthorityFile}, until {authority.NotAfter:yyyy-MM-dd}
            SHA-256       {RoomAuthority.Fingerprint(authority)}
            Certificate   {folder.CertFile}, until {certificate.NotAfter:yyyy-MM-dd}
            Key           {folder.KeyFile}
            Names         {string.Join(", ", names.All)}

            Have the browsers trust the CA, and serve:
              weft serve --host 0.0.0.0 --tls-cert {folder.CertFile} --tls-key {folder.KeyFile}{(publicNames.Length > 0
                ? $" --public-name {publicNames}" : "")}
            """);
        return ExitCode.Ok;
    }
}
