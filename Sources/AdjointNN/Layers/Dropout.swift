public import AdjointCore

/// In training, elements become 0 with probability `p`, and the others grow by 1/(1 - p).
public final class Dropout: HookedLayer {
    /// The probability with which an element, or a channel, becomes 0 in training.
    public let p: Double
    /// Drops with probability `p`.
    ///
    /// - Errors: `.argument`, when it is called, for a probability outside of 0...1.
    public init(_ p: Double = 0.5) { self.p = p }
    public func forward(_ x: Tensor) -> Tensor { dropout(x, p: p, training: isTraining) }
}

/// `Dropout` of whole channels of [batch, channels, length], or without the batch.
public final class Dropout1d: HookedLayer {
    /// The probability with which an element, or a channel, becomes 0 in training.
    public let p: Double
    /// Drops with probability `p`.
    ///
    /// - Errors: `.argument`, when it is called, for a probability outside of 0...1.
    public init(_ p: Double = 0.5) { self.p = p }
    public func forward(_ x: Tensor) -> Tensor { dropout1d(x, p: p, training: isTraining) }
}

/// `Dropout` of whole channels of [batch, channels, height, width].
public final class Dropout2d: HookedLayer {
    /// The probability with which an element, or a channel, becomes 0 in training.
    public let p: Double
    /// Drops with probability `p`.
    ///
    /// - Errors: `.argument`, when it is called, for a probability outside of 0...1.
    public init(_ p: Double = 0.5) { self.p = p }
    public func forward(_ x: Tensor) -> Tensor { dropout2d(x, p: p, training: isTraining) }
}

/// `Dropout` of whole channels of [batch, channels, depth, height, width], or without the batch.
public final class Dropout3d: HookedLayer {
    /// The probability with which an element, or a channel, becomes 0 in training.
    public let p: Double
    /// Drops with probability `p`.
    ///
    /// - Errors: `.argument`, when it is called, for a probability outside of 0...1.
    public init(_ p: Double = 0.5) { self.p = p }
    public func forward(_ x: Tensor) -> Tensor { dropout3d(x, p: p, training: isTraining) }
}

/// Dropout beside `SELU`, which keeps mean 0 and variance 1 (Klambauer et al., 2017).
public final class AlphaDropout: HookedLayer {
    /// The probability with which an element, or a channel, becomes 0 in training.
    public let p: Double
    /// Drops with probability `p`.
    ///
    /// - Errors: `.argument`, when it is called, for a probability outside of 0...1.
    public init(_ p: Double = 0.5) { self.p = p }
    public func forward(_ x: Tensor) -> Tensor { alphaDropout(x, p: p, training: isTraining) }
}

/// `AlphaDropout` of whole channels of [batch, channels, ...].
public final class FeatureAlphaDropout: HookedLayer {
    /// The probability with which an element, or a channel, becomes 0 in training.
    public let p: Double
    /// Drops with probability `p`.
    ///
    /// - Errors: `.argument`, when it is called, for a probability outside of 0...1.
    public init(_ p: Double = 0.5) { self.p = p }
    public func forward(_ x: Tensor) -> Tensor {
        featureAlphaDropout(x, p: p, training: isTraining)
    }
}
