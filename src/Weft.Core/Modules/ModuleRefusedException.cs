namespace Weft.Core.Modules;

/// <summary>Why a module can't be run by any worker, in one human-readable sentence.</summary>
public sealed class ModuleRefusedException(string message) : Exception(message);
