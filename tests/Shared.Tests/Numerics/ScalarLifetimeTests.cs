using System.Reflection;
using TorchSharp;

namespace Workbench.Shared.Tests.Numerics;

/// <summary>
/// TorchSharp as published lets a scalar be finalized while the native operation that it was made for still reads it; the build
/// patches the assembly so that methods hold their scalars to the end.
/// </summary>
public sealed class ScalarLifetimeTests
{
    private const byte Call = 0x28;
    private const byte Return = 0x2A;

    [Fact]
    public void Every_operation_holds_its_scalars_until_it_returns()
    {
        MethodInfo[] operations =
        [
            .. typeof(torch.Tensor).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
                .Where(method => method.GetParameters().Any(parameter => parameter.ParameterType == typeof(Scalar))),
        ];

        operations.Length.ShouldBeGreaterThan(50);
        operations.Where(operation => !KeepsAlive(operation)).Select(operation => operation.ToString()).ShouldBeEmpty();
    }

    private static bool KeepsAlive(MethodInfo method)
    {
        byte[] code = method.GetMethodBody()!.GetILAsByteArray()!;
        return code.Length > 6
            && code[^1] == Return
            && code[^6] == Call
            && method.Module.ResolveMethod(BitConverter.ToInt32(code, code.Length - 5))!.Name == nameof(GC.KeepAlive);
    }
}
