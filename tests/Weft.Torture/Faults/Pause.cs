namespace Weft.Torture.Faults;

internal static class Pause
{
    public static Task RandomAsync(Random random, int millisecondsMin, int millisecondsMax) =>
        Task.Delay(TimeSpan.FromMilliseconds(random.Next(millisecondsMin, millisecondsMax)), TimeProvider.System);
}
