import AdjointCore
import AdjointFuzzing

/// Arguments at random for one call, mostly wrong ones: everything follows from the seed and the
/// number of the call.
///
/// A call has a usual shape and a usual type, which most of its tensors have, so that many calls get
/// past the first check.
final class Draw {
    var random: FuzzRandom
    /// Which draw for the function this is.
    let number: Int
    /// Where files may be written.
    let folder: String
    /// True while something is made that shall work, to call a method on.
    var isSane = false
    /// Tensors that may turn up again: those of a transform that runs, and parameters.
    var held: [Tensor] = []
    private(set) var usualShape: [Int] = []
    private(set) var usualType = DType.float32
    /// What sizes are mostly made of.
    private var sizes: [Int] = []

    init(_ random: FuzzRandom, number: Int, folder: String) {
        self.random = random
        self.number = number
        self.folder = folder
        sizes = (0..<2).map { _ in 1 + below(4) }
        let rank = pick([0, 1, 1, 2, 2, 2, 3, 3, 4, 4, 5])
        usualShape = (0..<rank).map { _ in size() }
        if once(in: 3) { usualType = pick(DType.allCases) }
    }

    func below(_ bound: Int) -> Int { random.below(bound) }
    func once(in count: Int) -> Bool { below(count) == 0 }
    func pick<T>(_ values: [T]) -> T { values[below(values.count)] }
    func pickOrNil<T>(_ values: [T]) -> T? { once(in: 4) ? nil : pick(values) }
    func orNil<T>(_ value: @autoclosure () -> T) -> T? { once(in: 3) ? nil : value() }

    /// The default, as often as not.
    func maybe<T>(_ usual: @autoclosure () -> T, _ value: @autoclosure () -> T) -> T {
        once(in: 2) ? usual() : value()
    }

    /// Makes something that should work, in nine cases of ten.
    func sane<T>(_ make: () throws -> T) rethrows -> T {
        let before = isSane
        isSane = before || !once(in: 10)
        defer { isSane = before }
        return try make()
    }

    // Numbers

    private static let extremes = [
        Int.max, Int.min, Int.max - 1, Int.min + 1, 1 << 62, 1 << 61, 1 << 40, -(1 << 40), 1 << 32,
        (1 << 32) + 1, 1 << 31, (1 << 31) - 1, -(1 << 31), 1 << 24, 1_000_003, 70_000,
    ]

    /// A size of a dimension: small.
    func size() -> Int {
        switch below(12) {
        case 0: 0
        case 1: 1
        case 2..<4: below(6)
        default: sizes.isEmpty ? 1 : pick(sizes)
        }
    }

    func int() -> Int {
        if isSane { return 1 + below(4) }
        switch below(40) {
        case 0..<3: return pick(Self.extremes)
        case 3: return 9 + below(500)
        case 4..<8: return -1 - below(4)
        case 8..<10: return Int(truncatingIfNeeded: random.next()) >> below(63)
        case 10..<16: return 0
        default: return size() + below(2)
        }
    }

    /// How often something is done over and over: few times, or a negative number of them.
    func passes() -> Int { below(7) - 2 }

    func dim() -> Int {
        if once(in: 30) { return pick(Self.extremes) }
        return below(8) - 4
    }

    func dims() -> [Int] {
        (0..<pick([0, 1, 1, 2, 2, 3])).map { _ in once(in: 2) ? below(3) : dim() }
    }

    func sizesAtRandom() -> [Int] {
        let count = pick([0, 1, 1, 2, 2, 3, 3, 4, 5, 9])
        return (0..<count).map { _ in once(in: 14) ? int() : size() }
    }

    func intOrNil() -> Int? { once(in: 4) ? nil : int() }

    func ints() -> [Int] {
        if once(in: 3) { return usualShape }
        return (0..<pick([0, 1, 1, 2, 2, 2, 3, 3, 4, 6, 9])).map { _ in once(in: 4) ? int() : size()
        }
    }

    func intsOrNil() -> [Int?] { ints().map { once(in: 4) ? nil : $0 } }

    func double() -> Double {
        if isSane { return 0.05 + Double(below(9)) / 10 }
        switch below(20) {
        case 0: return .nan
        case 1: return .infinity
        case 2: return -.infinity
        case 3: return pick([1e300, -1e300, 1e19, -1e19, 3e38, .leastNonzeroMagnitude, -0.0])
        case 4: return -Double(below(4)) - 0.5
        case 5..<8: return 0
        case 8..<11: return 1
        case 11: return Double(int())
        default: return Double(below(200)) / 100
        }
    }

    func doubles() -> [Double] {
        (0..<pick([0, 1, 1, 2, 2, 3, 4, 7])).map { _ in double() }
    }
    func rows() -> [[Double]] { (0..<below(4)).map { _ in doubles() } }
    func planes() -> [[[Double]]] { (0..<below(3)).map { _ in rows() } }

    func bool() -> Bool { once(in: 2) }
    func uint64() -> UInt64 { once(in: 2) ? random.next() : UInt64(below(9)) }
    func bytes() -> [UInt8] {
        (0..<below(60)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }
    func dtype() -> DType { once(in: 2) ? usualType : pick(DType.allCases) }

    func device() -> Device {
        switch below(10) {
        case 0: .meta
        case 1: .cuda(below(300))
        default: .cpu
        }
    }

    func closedRange() -> ClosedRange<Double> {
        let (a, b) = (double(), double())
        // A range cannot be made of NaN, nor of bounds the wrong way round.
        return a <= b ? a...b : b <= a ? b...a : 0...1
    }

    func range() -> Range<Int> {
        let (a, b) = (int(), int())
        return Swift.min(a, b)..<Swift.max(a, b)
    }

    func scalar() -> any TensorScalar {
        switch below(8) {
        case 0..<3: int()
        case 3: bool()
        case 4: Float(double())
        case 5: Int32(truncatingIfNeeded: int())
        default: double()
        }
    }

    // Texts

    func string() -> String {
        pick([
            "", "a", "weight", "bias", "0.weight", "layer.weight", "é\u{301}", "a\nb", "loss", "lr",
            String(repeating: "x", count: 300), "\u{0}", "../up", "batch_mean", "tanh",
        ])
    }
    func strings() -> [String] { (0..<below(4)).map { _ in string() } }
    func strings2() -> [String: String] { [string(): "b"] }

    /// A file to read, of the right kind or not.
    func path() -> String {
        folder
            + pick([
                "/table.csv", "/images.idx", "/labels.idx", "/images", "/images/a/0.png",
                "/missing", "",
                "/weights.safetensors",
            ])
    }

    func equation() -> String {
        if once(in: 3) {
            let letters = Array("ijkA.,-> é1")
            return String((0..<below(12)).map { _ in pick(letters) })
        }
        return pick([
            "ij,jk->ik", "i,i->", "ij->ji", "ii->i", "ii", "i,j->ij", "...ij,...jk->...ik", "->",
            "",
            "ij", "bij,bjk->bik", "i->ii", "ij,jk->il", "a,b,c->abc", "i...->...", "ij->", ",->",
        ])
    }

    func spatial() -> any SpatialSize {
        switch below(6) {
        case 0: ints()
        case 1: [size(), size()]
        case 2: int()
        default: 1 + below(3)
        }
    }

    func padding() -> any ConvolutionPadding {
        switch below(6) {
        case 0: ints()
        case 1: Padding.sameSize
        case 2: Padding.none
        case 3: int()
        default: below(3)
        }
    }

    func scale() -> any SpatialScale {
        switch below(4) {
        case 0: doubles()
        case 1: int()
        case 2: double()
        default: 2
        }
    }
}
