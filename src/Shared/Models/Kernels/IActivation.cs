using System.Runtime.Intrinsics;

namespace Workbench.Models.Kernels;

/// <summary>A function of one number, eight at a time.</summary>
internal interface IActivation
{
    static abstract Vector256<float> Of(Vector256<float> x);
}
