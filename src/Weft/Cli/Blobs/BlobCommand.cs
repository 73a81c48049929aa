using System.CommandLine;
using Weft.Cli.Remote;
using Weft.CommandLine;
using Weft.CommandLine.Help;
using Weft.Contracts;

namespace Weft.Cli.Blobs;

/// <summary><c>weft blob</c>: pushes files, lists and deletes them.</summary>
internal static class BlobCommand
{
    private const int PrefixCharsMin = 4;

    public static Command Create() =>
        new Command("blob", "Manage blobs: files that tasks find at paths.") { Push(), List(), Delete() }
            .RemoteOptions()
            .WithExamples("weft blob push matrix.bin", "weft blob list", "weft blob delete 93a44bbb");

    private static Command Push()
    {
        var file = new Argument<string>("file") { Description = "Any file" };
        return new Command("push", "Push a file and print its hash. If interrupted, run it again to continue.") { file }
            .Does(async (flags, api, stop) =>
            {
                var info = await BlobPush.RunAsync(flags.GetRequiredValue(file), api, stop);
                if (flags.WantsJson()) JsonOutput.Print(info, WireJson.Default.BlobInfo);
                else Console.Out.WriteLine(info.Sha256);
                return ExitCode.Ok;
            }).WithExamples("weft blob push matrix.bin");
    }

    private static Command List() =>
        new Command("list", "List blobs, oldest first.").Does(static async (flags, api, stop) =>
    {
        var blobs = await ReadAsync(api, stop);
        if (flags.WantsJson())
        {
            JsonOutput.Print(blobs, WireJson.Default.BlobInfo);
            return ExitCode.Ok;
        }

        var table = new TextTable("SHA256", "BYTES", "IN-USE", "CREATED");
        foreach (var blob in blobs)
        {
            table.Add(blob.Sha256, blob.Size, blob.InUse ? "yes" : "no", IsoTime.Of(blob.CreatedAt));
        }

        table.Print("blobs");
        return ExitCode.Ok;
    }).WithExamples("weft blob list");

    private static Command Delete()
    {
        var hash = new Argument<string>("sha256") { Description = "The blob's hash, or a unique prefix of it" };
        return new Command("delete", "Delete a blob that no stored task or queue uses.") { hash }.Does(
            async (flags, api, stop) =>
        {
            var blob = await FindAsync(flags.GetRequiredValue(hash), api, stop);
            await api.DeleteAsync($"blobs/{Uri.EscapeDataString(blob)}", stop);
            if (!flags.WantsJson()) Console.Out.WriteLine($"{blob} is deleted.");
            return ExitCode.Ok;
        }).WithExamples("weft blob delete 93a44bbb");
    }

    private static async Task<string> FindAsync(string typed, RemoteApi api, CancellationToken stop)
    {
        if (typed.Length is < PrefixCharsMin or >= 64 || !typed.All(char.IsAsciiHexDigitLower)) return typed;
        var found = (await ReadAsync(api, stop))
            .Where(blob => blob.Sha256.StartsWith(typed, StringComparison.Ordinal))
            .Select(static blob => blob.Sha256).ToArray();
        if (found.Length > 1)
        {
            throw new CommandFailure(
                $"{Counted.Of(found.Length, "blob")} have a hash that starts with {typed}: give more digits.");
        }
        return found is [var one] ? one : typed;
    }

    private static Task<List<BlobInfo>> ReadAsync(RemoteApi api, CancellationToken stop) => api.AskAsync(async () =>
    {
        var blobs = new List<BlobInfo>();
        await foreach (var blob in api.Client.ListBlobsAsync(stop)) blobs.Add(blob);
        return blobs;
    });
}
