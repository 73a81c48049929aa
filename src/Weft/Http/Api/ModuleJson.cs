using System.Text.Json;
using Weft.Contracts;
using Weft.Core.Modules;
using Weft.Core.Storage;

namespace Weft.Http.Api;

/// <summary>Modules, and the calls of tasks and queues, as the API shows them.</summary>
internal static class ModuleJson
{
    public static ModuleInfo ToWire(this StoredModule module) =>
        new(module.Hash.ToString(), module.Size, module.Kind.Name, module.Name, module.CreatedAt, module.InUse);

    public static QueueModule ToWire(this ModuleCall call) =>
        new(call.Module.ToString(), call.Run is { } run ? JsonSerializer.Deserialize(run.Span, WireJson.Default.ModuleRun) : null);

    /// <summary>The members of a task that has a module.</summary>
    public static void WriteModule(this Utf8JsonWriter writer, ModuleCall? call)
    {
        if (call is null) return;
        writer.WriteString("module"u8, call.Module.ToString());
        writer.WriteRawOrNothing("run"u8, call.Run);
    }
}
