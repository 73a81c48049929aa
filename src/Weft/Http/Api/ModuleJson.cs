using System.Text.Json;
using Weft.Contracts;
using Weft.Core.Modules;
using Weft.Core.Storage;

namespace Weft.Http.Api;

/// <summary>Modules and runs as the API returns them.</summary>
internal static class ModuleJson
{
    public static ModuleInfo ToWire(this StoredModule module, ModuleVerdict? verdict) =>
        new(module.Hash.ToString(), module.Size, module.Kind.Name, module.Name, module.CreatedAt, module.InUse,
            verdict?.Words);

    public static QueueModule ToWire(this ModuleCall call) =>
        new(call.Module?.ToString(), call.RunToWire());

    private static ModuleRun? RunToWire(this ModuleCall call)
    {
        var run = call.Run is { } given ? JsonSerializer.Deserialize(given.Span, WireJson.Default.ModuleRun) : null;
        // An empty list for none.
        return call.Files is not { Length: > 2 } files ? run : (run ?? new()) with
        {
            Files = JsonSerializer.Deserialize(files.Span, WireJson.Default.IReadOnlyListRunFile),
        };
    }

    /// <summary>The members of a task that has a module, or files.</summary>
    public static void WriteModule(this Utf8JsonWriter writer, ModuleCall? call)
    {
        if (call is null) return;
        if (call.Module is { } module) writer.WriteString("module"u8, module.ToString());
        // An empty list for none.
        if (call.Files is not { Length: > 2 } files)
        {
            writer.WriteRawOrNothing("run"u8, call.Run);
            return;
        }

        // The files, followed by the other members.
        writer.WritePropertyName("run"u8);
        writer.WriteRawValue(
            [.. "{\"files\":"u8, .. files.Span, .. call.Run is { } run ? [(byte)',', .. run.Span[1..]] : "}"u8],
            skipInputValidation: true);
    }
}
