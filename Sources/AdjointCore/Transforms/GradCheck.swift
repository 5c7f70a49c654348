/// Compares the derivatives of `f` with finite differences, entry by entry.
///
/// For each output and each of the `inputs` that requires gradients, the Jacobian by the backward
/// pass must agree with (f(x + eps) - f(x - eps)) / (2 eps) within `atol + rtol * |numeric|`. Two
/// backward passes must agree, a cotangent of zeros, or none, must give zeros, and gradients must
/// have the shape, dtype and device of their inputs.
///
/// - Parameters:
///   - f: The function; only its dependence on `inputs` is checked. The inputs are changed in place
///     while it is sampled, and restored.
///   - inputs: At least one requires gradients, and those are float64: smaller types do not resolve
///     a difference of `eps`.
///   - eps: How far inputs are moved, both ways.
///   - atol: What a difference may be beside that.
///   - rtol: The part of |numeric| that a difference may have.
///   - raiseException: With false a mismatch is reported by the result alone.
///   - nondetTol: By how much two backward passes may differ.
///   - checkUndefinedGrad: Whether outputs whose gradient is missing are tried.
///   - checkBatchedGrad: Whether a batch of cotangents in one pass must give what each gives.
///   - checkForwardAd: Whether forward mode is compared too, column by column.
///   - checkBackwardAd: Whether the backward pass is compared.
///   - fastMode: Compares one random projection uᵀ J v of each Jacobian in place of its entries,
///     and computes all entries only to explain a mismatch.
/// - Returns: True where everything agrees.
/// - Errors: `.autograd` for a mismatch, with the entry where the two Jacobians differ most;
///   `.dtype` for an input that requires gradients and is not float64; `.argument` where none does,
///   or where one holds an element at several positions.
@discardableResult
public func gradcheck(
    _ f: @escaping (Tensor) -> Tensor, _ inputs: [Tensor], eps: Double = 1e-6,
    atol: Double = 1e-5, rtol: Double = 1e-3, raiseException: Bool = true, nondetTol: Double = 0,
    checkUndefinedGrad: Bool = true, checkBatchedGrad: Bool = false, checkForwardAd: Bool = false,
    checkBackwardAd: Bool = true, fastMode: Bool = false
) -> Bool {
    GradChecker(
        name: "gradcheck", eps: eps, atol: atol, rtol: rtol, nondetTol: nondetTol,
        checksUndefined: checkUndefinedGrad, checksBatched: checkBatchedGrad,
        checksForward: checkForwardAd, checksBackward: checkBackwardAd, isFast: fastMode
    ).run(GradChecker.list(f, "gradcheck"), inputs, raiseException)
}

/// The form for functions of several tensors.
@_disfavoredOverload
@discardableResult
public func gradcheck(
    _ f: @escaping ([Tensor]) -> Tensor, _ inputs: [Tensor], eps: Double = 1e-6,
    atol: Double = 1e-5, rtol: Double = 1e-3, raiseException: Bool = true, nondetTol: Double = 0,
    checkUndefinedGrad: Bool = true, checkBatchedGrad: Bool = false, checkForwardAd: Bool = false,
    checkBackwardAd: Bool = true, fastMode: Bool = false
) -> Bool {
    GradChecker(
        name: "gradcheck", eps: eps, atol: atol, rtol: rtol, nondetTol: nondetTol,
        checksUndefined: checkUndefinedGrad, checksBatched: checkBatchedGrad,
        checksForward: checkForwardAd, checksBackward: checkBackwardAd, isFast: fastMode
    ).run({ [f($0)] }, inputs, raiseException)
}

/// The form for functions of several tensors with several results.
@_disfavoredOverload
@discardableResult
public func gradcheck(
    _ f: @escaping ([Tensor]) -> [Tensor], _ inputs: [Tensor], eps: Double = 1e-6,
    atol: Double = 1e-5, rtol: Double = 1e-3, raiseException: Bool = true, nondetTol: Double = 0,
    checkUndefinedGrad: Bool = true, checkBatchedGrad: Bool = false, checkForwardAd: Bool = false,
    checkBackwardAd: Bool = true, fastMode: Bool = false
) -> Bool {
    GradChecker(
        name: "gradcheck", eps: eps, atol: atol, rtol: rtol, nondetTol: nondetTol,
        checksUndefined: checkUndefinedGrad, checksBatched: checkBatchedGrad,
        checksForward: checkForwardAd, checksBackward: checkBackwardAd, isFast: fastMode
    ).run(f, inputs, raiseException)
}

/// Compares the second derivatives of `f` with finite differences of its gradients: `gradcheck` of
/// the backward pass, with respect to the inputs and to the cotangents (`gradOutputs`, or random
/// ones). It finds derivatives that are right and cannot be differentiated. Errors as there.
///
/// - Parameters:
///   - f: The function; only its dependence on `inputs` is checked.
///   - inputs: float64 leaves that require gradients, away from kinks.
///   - gradOutputs: Weights of the outputs; random ones if nil.
///   - eps: How far inputs are moved, both ways.
///   - atol: What a difference may be beside that.
///   - rtol: The part of |numeric| that a difference may have.
///   - genNonContigGradOutputs: Whether the random cotangents lie strided in memory.
///   - raiseException: Whether a difference is an error; else the result is false.
///   - nondetTol: By how much two backward passes may differ.
///   - checkUndefinedGrad: Whether missing cotangents must give zeros.
///   - checkBatchedGrad: Whether a batch of cotangents must give what single ones give.
///   - fastMode: Whether one random projection stands for all entries.
@discardableResult
public func gradgradcheck(
    _ f: @escaping (Tensor) -> Tensor, _ inputs: [Tensor], gradOutputs: [Tensor]? = nil,
    eps: Double = 1e-6, atol: Double = 1e-5, rtol: Double = 1e-3,
    genNonContigGradOutputs: Bool = false, raiseException: Bool = true, nondetTol: Double = 0,
    checkUndefinedGrad: Bool = true, checkBatchedGrad: Bool = false, fastMode: Bool = false
) -> Bool {
    GradChecker(
        name: "gradgradcheck", eps: eps, atol: atol, rtol: rtol, nondetTol: nondetTol,
        checksUndefined: checkUndefinedGrad, checksBatched: checkBatchedGrad, isFast: fastMode
    ).runSecond(
        GradChecker.list(f, "gradgradcheck"), inputs, gradOutputs, genNonContigGradOutputs,
        raiseException)
}

/// The form for functions of several tensors.
@_disfavoredOverload
@discardableResult
public func gradgradcheck(
    _ f: @escaping ([Tensor]) -> Tensor, _ inputs: [Tensor], gradOutputs: [Tensor]? = nil,
    eps: Double = 1e-6, atol: Double = 1e-5, rtol: Double = 1e-3,
    genNonContigGradOutputs: Bool = false, raiseException: Bool = true, nondetTol: Double = 0,
    checkUndefinedGrad: Bool = true, checkBatchedGrad: Bool = false, fastMode: Bool = false
) -> Bool {
    GradChecker(
        name: "gradgradcheck", eps: eps, atol: atol, rtol: rtol, nondetTol: nondetTol,
        checksUndefined: checkUndefinedGrad, checksBatched: checkBatchedGrad, isFast: fastMode
    ).runSecond({ [f($0)] }, inputs, gradOutputs, genNonContigGradOutputs, raiseException)
}

/// The form for functions of several tensors with several results.
@_disfavoredOverload
@discardableResult
public func gradgradcheck(
    _ f: @escaping ([Tensor]) -> [Tensor], _ inputs: [Tensor], gradOutputs: [Tensor]? = nil,
    eps: Double = 1e-6, atol: Double = 1e-5, rtol: Double = 1e-3,
    genNonContigGradOutputs: Bool = false, raiseException: Bool = true, nondetTol: Double = 0,
    checkUndefinedGrad: Bool = true, checkBatchedGrad: Bool = false, fastMode: Bool = false
) -> Bool {
    GradChecker(
        name: "gradgradcheck", eps: eps, atol: atol, rtol: rtol, nondetTol: nondetTol,
        checksUndefined: checkUndefinedGrad, checksBatched: checkBatchedGrad, isFast: fastMode
    ).runSecond(f, inputs, gradOutputs, genNonContigGradOutputs, raiseException)
}
