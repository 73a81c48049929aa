using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Weft.Contracts;
using Weft.Core;
using Weft.Core.Modules;
using Weft.Core.Storage;
using Weft.Core.UseCases;
using Weft.Http.Access;
using Weft.Http.Errors;
using Problem = Weft.Http.Errors.Problem;

namespace Weft.Http.Api;

/// <summary>Modules by their hash: push, download, list, delete.</summary>
internal sealed class ModuleEndpoints(
    StoredModules modules, PushModule push, ModuleJudge judge, AuditTrail audit, ModuleOptions options,
    AccessControl access)
{
    public async Task PushAsync(HttpContext context)
    {
        var badName = ReadName(context, out var name);
        if ((ReadKind(context, out var kind) ?? badName) is { } problem)
        {
            await Problems.AnswerAsync(context, problem);
            return;
        }

        using var body = RequestBody.Open(context);
        StoredBytes.TakeRoom(context, Limits.ModuleChunkBytes);
        var size = context.Features.Get<IHttpMaxRequestBodySizeFeature>();
        if (size is { IsReadOnly: false }) size.MaxRequestBodySize = Limits.ModuleBytesMax;
        var pushed = await push.RunAsync(access.CallerOf(context), body, kind, name, context.RequestAborted);
        if (pushed.Module is not { } module)
        {
            var full = pushed.OwnerIsFull ? Problems.TooManyModulesOfToken : Problems.TooManyModules;
            await Problems.AnswerAsync(context,
                pushed.Refused is { } reason ? Problems.InvalidModule.With(reason) : full);
            return;
        }

        context.Response.Headers.Location = $"{ApiRoutes.Modules}/{module.Hash}";
        await ApiJson.AnswerAsync(context, pushed.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK,
            module.ToWire(judge.Find(module.Hash)), WireJson.Default.ModuleInfo);
    }

    public async Task GetAsync(HttpContext context)
    {
        if (!TryReadHash(context, out var hash))
        {
            await Problems.AnswerAsync(context, NoHash);
            return;
        }

        if (await modules.FindAsync(access.CallerOf(context), hash) is not { } module)
        {
            await Problems.AnswerAsync(context, Problems.ModuleNotFound);
            return;
        }

        if (options.Refuse(module.Kind) is { } refused)
        {
            await Problems.AnswerAsync(context, refused);
            return;
        }

        // A traceback names the script's file, and a wheel's name has a meaning.
        if (module.Kind is ModuleKind.Python or ModuleKind.PythonFolder or ModuleKind.Wheel)
        {
            ModuleTypes.NameFile(context.Response, module.Name);
        }
        await StoredBytes.SendAsync(
            context, module.Hash, modules.Open(module), ModuleTypes.Of(module.Kind), access.RequiresTokens);
    }

    public async Task ListAsync(HttpContext context)
    {
        var stored = await modules.ListAsync(access.CallerOf(context));
        await judge.ReadAsync(stored, context.RequestAborted);
        var list = new ModuleList([.. stored.Select(module => module.ToWire(judge.Find(module.Hash)))]);
        await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, list, WireJson.Default.ModuleList);
    }

    public async Task DeleteAsync(HttpContext context)
    {
        if (!TryReadHash(context, out var hash))
        {
            await Problems.AnswerAsync(context, NoHash);
            return;
        }

        var deletion = await modules.DeleteAsync(access.CallerOf(context), hash);
        if (deletion == ModuleDeletion.Deleted)
        {
            await audit.NoteAsync(access.CallerOf(context), "module.delete", hash.ToString());
        }

        if (deletion == ModuleDeletion.Deleted) context.Response.StatusCode = StatusCodes.Status204NoContent;
        else await Problems.AnswerAsync(context,
            deletion == ModuleDeletion.InUse ? Problems.ModuleInUse : Problems.ModuleNotFound);
    }

    private static Problem NoHash { get; } =
        Problems.ModuleNotFound.Kind.With("A module's name in the path must be its SHA-256: 64 lowercase hex digits.");

    private static bool TryReadHash(HttpContext context, out ModuleHash hash) =>
        ModuleHash.TryParse(context.Request.RouteValues["sha256"] as string, out hash);

    private Problem? ReadKind(HttpContext context, out ModuleKind kind)
    {
        kind = ModuleKind.Wasm;
        if (context.Request.ContentType is not { Length: > 0 } given) return null;
        var type = MediaTypeHeaderValue.TryParse(given, out var parsed) ? parsed.MediaType.Value?.ToLowerInvariant()
            : null;
        return ModuleTypes.TryRead(type, out kind) ? options.Refuse(kind)
            : Problems.UnsupportedMediaType.With(ModuleTypes.Expected);
    }

    private static Problem? ReadName(HttpContext context, out string? name)
    {
        name = null;
        if (!context.Request.Query.TryGetValue("name", out var given)) return null;
        name = given.ToString();
        return name.Length is > 0 and <= Limits.ModuleNameCharsMax ? null
            : Problems.InvalidRequest.With($"name must have 1 to {Limits.ModuleNameCharsMax} characters.");
    }
}
