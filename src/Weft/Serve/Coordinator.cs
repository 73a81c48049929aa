using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Weft.Cli;
using Weft.Core.Access;
using Weft.Core.Storage;

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

    /// <summary>Where it listens: the port is known even when a free one was asked for.</summary>
    public Uri Url => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Where the data lies, for people.</summary>
    public string Place => _store.Place;

    /// <summary>The tokens that were made at this start, to be shown once; null when there were some already, or none are required.</summary>
    public FirstTokens? FirstTokens { get; private set; }

    /// <summary>Opens the store and listens.</summary>
    /// <exception cref="CommandFailure">It can't: the message says why in one line.</exception>
    public static async Task<Coordinator> StartAsync(ServeOptions options)
    {
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
            await coordinator.ReadTokensAsync(options);
            await app.StartAsync();
            return coordinator;
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException)
        {
            await coordinator.DisposeAsync();
            throw new CommandFailure($"Port {options.Port} on {options.Host} is taken: choose another with --port.");
        }
        // The database went away just after it was opened.
        catch (Core.Storage.StoreException exception)
        {
            await coordinator.DisposeAsync();
            throw new CommandFailure(exception.Message);
        }
        catch (OperationCanceledException)
        {
            await coordinator.DisposeAsync();
            throw new CommandFailure("The coordinator was stopped before it had started.");
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            await coordinator.DisposeAsync();
            throw new CommandFailure($"Can't listen on {options.Host}:{options.Port}: {exception.Message}");
        }
    }

    /// <summary>Runs until a signal stops it, or the disk fails the store; then the store is closed.</summary>
    /// <exception cref="CommandFailure">The disk failed the store, or the database is damaged.</exception>
    public async Task RunAsync()
    {
        var stopping = false;
        // The first Ctrl+C asks the host to stop in good order; somebody who presses it again doesn't want to wait.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            if (stopping) Environment.Exit(130);
            stopping = true;
            context.Cancel = true;
            _app.Lifetime.StopApplication();
        });
        var stopped = _app.WaitForShutdownAsync();
        if (await Task.WhenAny(stopped, _store.Ended) != stopped) await _app.StopAsync();
        // Its last step copies the log into the database: a disk that fails then fails the store all the same.
        await _store.Tasks.DisposeAsync();
        if (_store.Ended.Exception?.InnerException is { } failure) throw new CommandFailure(failure.Message);
    }

    /// <summary>Stops in good order: ends what waits, answers what is in flight.</summary>
    public Task StopAsync() => _app.StopAsync();

    private async Task ReadTokensAsync(ServeOptions options)
    {
        var book = _app.Services.GetRequiredService<TokenBook>();
        await book.ReloadAsync();
        if (options.Access == AccessMode.Tokens) FirstTokens = await FirstTokens.MakeAsync(book);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _store.Tasks.DisposeAsync();
    }
}
