using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Weft.Contracts;
using Weft.Core;
using Weft.Core.Modules;
using Weft.Core.Storage;
using Weft.Core.UseCases;

namespace Weft.Http.Api;

/// <param name="AllowJavaScript">Whether JavaScript modules are taken and handed out: the owner's word.</param>
internal sealed record ModuleOptions(bool AllowJavaScript);

/// <summary>Modules by their hash: pushed, fetched, listed, deleted.</summary>
internal sealed class ModuleEndpoints(IModuleStore store, PushModule push, ModuleOptions options)
{
    private const string WasmType = "application/wasm";
    private const string ScriptType = "text/javascript";
    private const string AnyType = "application/octet-stream";

    // Other bytes have another hash, and so another address.
    private const string Immutable = "public, max-age=31536000, immutable";

    public async Task PushAsync(HttpContext context)
    {
        var badName = ReadName(context, out var name);
        if ((ReadKind(context, out var kind) ?? badName) is { } problem)
        {
            await Problems.AnswerAsync(context, problem);
            return;
        }

        RequestBody.RefusePacked(context);
        var size = context.Features.Get<IHttpMaxRequestBodySizeFeature>();
        if (size is { IsReadOnly: false }) size.MaxRequestBodySize = Limits.ModuleBytesMax;
        var pushed = await push.RunAsync(context.Request.Body, kind, name, context.RequestAborted);
        if (pushed.Module is not { } module)
        {
            await Problems.AnswerAsync(context, pushed.Refused is { } reason ? Problems.InvalidModule.With(reason) : Problems.TooManyModules);
            return;
        }

        context.Response.Headers.Location = $"{ApiRoutes.Modules}/{module.Hash}";
        await ApiJson.AnswerAsync(context, pushed.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK, module.ToWire(), WireJson.Default.ModuleInfo);
    }

    public async Task GetAsync(HttpContext context)
    {
        if (await FindAsync(context) is not { } module) return;
        if (module.Kind == ModuleKind.JavaScript && !options.AllowJavaScript)
        {
            await Problems.AnswerAsync(context, Problems.JavaScriptNotAllowed);
            return;
        }

        context.Response.Headers.CacheControl = Immutable;
        var type = module.Kind == ModuleKind.JavaScript ? $"{ScriptType}; charset=utf-8" : WasmType;
        var tag = new EntityTagHeaderValue($"\"{module.Hash}\"");
        await TypedResults.Stream(new ModuleStream(store, module.Hash, module.Size), type, entityTag: tag, enableRangeProcessing: HttpMethods.IsGet(context.Request.Method)).ExecuteAsync(context);
    }

    public async Task ListAsync(HttpContext context)
    {
        var modules = await store.ListAsync();
        await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, new ModuleList([.. modules.Select(ModuleJson.ToWire)]), WireJson.Default.ModuleList);
    }

    public async Task DeleteAsync(HttpContext context)
    {
        var deletion = TryReadHash(context, out var hash) ? await store.DeleteAsync(hash) : ModuleDeletion.NotFound;
        if (deletion == ModuleDeletion.Deleted) context.Response.StatusCode = StatusCodes.Status204NoContent;
        else await Problems.AnswerAsync(context, deletion == ModuleDeletion.InUse ? Problems.ModuleInUse : Problems.ModuleNotFound);
    }

    private async Task<StoredModule?> FindAsync(HttpContext context)
    {
        var module = TryReadHash(context, out var hash) ? await store.FindAsync(hash) : null;
        if (module is null) await Problems.AnswerAsync(context, Problems.ModuleNotFound);
        return module;
    }

    private static bool TryReadHash(HttpContext context, out ModuleHash hash) => ModuleHash.TryParse(context.Request.RouteValues["sha256"] as string, out hash);

    private Problem? ReadKind(HttpContext context, out ModuleKind kind)
    {
        kind = ModuleKind.Wasm;
        if (context.Request.ContentType is not { Length: > 0 } given) return null;
        var type = MediaTypeHeaderValue.TryParse(given, out var parsed) ? parsed.MediaType.Value?.ToLowerInvariant() : null;
        if (type is WasmType or AnyType) return null;
        kind = ModuleKind.JavaScript;
        if (type != ScriptType) return Problems.UnsupportedMediaType.With($"A module's Content-Type is {WasmType} or {ScriptType}.");
        return options.AllowJavaScript ? null : Problems.JavaScriptNotAllowed;
    }

    private static Problem? ReadName(HttpContext context, out string? name)
    {
        name = null;
        if (!context.Request.Query.TryGetValue("name", out var given)) return null;
        name = given.ToString();
        return name.Length is > 0 and <= Limits.ModuleNameCharsMax ? null : Problems.InvalidRequest.With($"name must have 1 to {Limits.ModuleNameCharsMax} characters.");
    }
}
