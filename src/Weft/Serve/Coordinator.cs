using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Weft.CommandLine;
using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Serve.Room;
using Weft.Storage.Engine;

namespace Weft.Serve;

/// <summary>A coordinator in this process: starts, runs until it is stopped, and closes its store.</summary>
internal sealed class Coordinator : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly CoordinatorStore _store;

    private Coordinator(WebApplication app)
    {
        _app = app;
        _store = app.Services.GetRequiredService<CoordinatorStore>();
    }

    /// <summary>The address it listens on: the actual port, even if a free one was requested.</summary>
    public Uri Url =>
        new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Where data is stored, human-readable.</summary>
    public string Place => _store.Place;

    /// <summary>The schema upgrade of an older store at this start; null for none.</summary>
    public SchemaUpgrade? Upgrade => _store.Upgrade;

    /// <summary>
    /// The tokens that were created at this start, to be shown once; null if there were some already, or none are
    /// required.
    /// </summary>
    public FirstTokens? FirstTokens { get; private set; }

    /// <summary>The token of the room's link; null: it has none, or there is no link.</summary>
    public string? JoinToken { get; private set; }

    /// <summary>Whether tokens are required and there is no admin token to create others.</summary>
    public bool LacksAdmin { get; private set; }

    /// <summary>Opens the store and listens.</summary>
    /// <param name="options">The options.</param>
    /// <param name="makesTokens">False: there is no place to show the first tokens.</param>
    /// <exception cref="CommandFailure">The start failed: the message says why in one line.</exception>
    public static async Task<Coordinator> StartAsync(ServeOptions options, bool makesTokens = true)
    {
        CheckPort(options);
        WebApplication app;
        try
        {
            app = await CoordinatorApp.BuildAsync(options);
        }
        catch (StoreException exception)
        {
            throw new CommandFailure(exception.Message);
        }

        var coordinator = new Coordinator(app);
        try
        {
            var tokens = app.Services.GetRequiredService<TokenCache>();
            await tokens.ReloadAsync();
            await app.StartAsync();
            // Only now: a failed start must not use up the first tokens, which are shown once.
            await coordinator.MakeTokensAsync(tokens, options, makesTokens);
            return coordinator;
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException)
        {
            await coordinator.DisposeAsync();
            throw PortInUse(options);
        }
        // The database became unavailable just after it was opened.
        catch (Core.Storage.StoreException exception)
        {
            await coordinator.DisposeAsync();
            throw new CommandFailure(exception.Message);
        }
        catch (OperationCanceledException)
        {
            await coordinator.DisposeAsync();
            throw new CommandFailure("The coordinator was stopped before it finished starting.");
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            await coordinator.DisposeAsync();
            throw CannotListen(options, exception);
        }
    }

    /// <summary>Runs until a signal stops it, or the store's disk fails; then closes the store.</summary>
    /// <exception cref="CommandFailure">The disk failed, or the database is damaged.</exception>
    public async Task RunAsync()
    {
        var stopping = false;
        // The first Ctrl+C stops the host gracefully; the second ends the process at once.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            if (stopping) Environment.Exit(130);
            stopping = true;
            context.Cancel = true;
            _app.Lifetime.StopApplication();
        });
        var stopped = _app.WaitForShutdownAsync();
        if (await Task.WhenAny(stopped, _store.Ended) != stopped) await _app.StopAsync();
        // The last step of a stop copies the log into the database: a disk failure there is still a failure of the
        // store.
        await _store.Tasks.DisposeAsync();
        if (_store.Ended.Exception?.InnerException is { } failure) throw new CommandFailure(failure.Message);
    }

    /// <summary>Stops gracefully: ends waiting requests, answers those in flight.</summary>
    public Task StopAsync() => _app.StopAsync();

    /// <summary>Fails for the same reasons as Kestrel, but before a data folder is created.</summary>
    private static void CheckPort(ServeOptions options)
    {
        if (options.Port == 0) return;
        var address = new IPEndPoint(IPAddress.Parse(options.Host), options.Port);
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            // As Kestrel does.
            if (address.Address.Equals(IPAddress.IPv6Any)) socket.DualMode = true;
            socket.Bind(address);
        }
        catch (SocketException exception)
        {
            throw exception.SocketErrorCode == SocketError.AddressAlreadyInUse ? PortInUse(options)
                : CannotListen(options, exception);
        }
    }

    private static CommandFailure PortInUse(ServeOptions options) =>
        new($"Port {options.Port} on {options.Host} is already in use: choose another with --port.");

    private static CommandFailure CannotListen(ServeOptions options, Exception exception) =>
        new($"Can't listen on {options.Host}:{options.Port}: {exception.Message}");

    private async Task MakeTokensAsync(TokenCache tokens, ServeOptions options, bool makesTokens)
    {
        if (options.Access != AccessMode.Tokens) return;
        if (makesTokens) FirstTokens = await FirstTokens.MakeAsync(tokens);
        else LacksAdmin = !FirstTokens.HasAdmin(tokens);
        if (options.Lab && !LacksAdmin) JoinToken = await JoinLink.TokenAsync(options, tokens, FirstTokens);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _store.Tasks.DisposeAsync();
    }
}
