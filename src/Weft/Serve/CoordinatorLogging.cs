using Microsoft.Extensions.Logging.Console;

namespace Weft.Serve;

/// <summary>What the coordinator logs: warnings and errors, a line each, to the console.</summary>
internal static class CoordinatorLogging
{
    public static void AddWeftLogging(this ILoggingBuilder logging)
    {
        logging.AddSimpleConsole(static console => console.SingleLine = true);
        // A log that isn't drained, or that a flood fills, must not block requests.
        logging.Services.Configure<ConsoleLoggerOptions>(static console =>
            console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite);
        // One line for each rejected connection would be a flood of its own.
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel.Connections", LogLevel.Error);
        logging.SetMinimumLevel(LogLevel.Warning);
        // If it were enabled, it would create an activity and a log scope for each request, which nothing uses.
        // RequestErrors logs what a request throws, or Kestrel does when the answer has begun.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        // Reports a slow stop or a port in use in its own words; ours are printed where they happen.
        logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
    }
}
