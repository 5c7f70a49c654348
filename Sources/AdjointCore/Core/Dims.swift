/// A short list of integers: the sizes or the strides of a tensor.
///
/// Goals, in order: plain memory (a copy is a copy of bytes, without reference counts), the
/// manners of an array, small code. It holds up to `capacity` entries. A longer list keeps its
/// count and nothing beyond: `checkedProduct` is nil for it, so that every operation refuses it.
public struct Dims: RandomAccessCollection, MutableCollection, Hashable, Sendable {
    /// The largest number of dimensions that a tensor may have.
    public static let capacity = 8

    /// Unused entries are 0, so that lists compare as bytes.
    private var entries: (Int, Int, Int, Int, Int, Int, Int, Int) = (0, 0, 0, 0, 0, 0, 0, 0)
    /// How many entries the list has, also where it is longer than `capacity`.
    public private(set) var count: Int

    /// No entries: the sizes of a tensor of one number.
    public init() { count = 0 }

    /// `count` entries, all `value`.
    public init(repeating value: Int, count: Int) {
        self.count = Swift.max(count, 0)
        for i in 0..<Swift.min(self.count, Self.capacity) { self[i] = value }
    }

    /// The entries of a collection, in order; those beyond `capacity` are counted and not kept.
    public init(_ values: some Collection<Int>) {
        count = values.count
        var i = 0
        for value in values.prefix(Self.capacity) {
            self[i] = value
            i += 1
        }
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { count }

    public subscript(i: Int) -> Int {
        @inline(__always) get {
            assert(i >= 0 && i < count)
            return withUnsafeBytes(of: entries) {
                i < Self.capacity ? $0.load(fromByteOffset: i &* 8, as: Int.self) : 1
            }
        }
        @inline(__always) set {
            assert(i >= 0 && i < count)
            if i >= Self.capacity { return }
            withUnsafeMutableBytes(of: &entries) {
                $0.storeBytes(of: newValue, toByteOffset: i &* 8, as: Int.self)
            }
        }
    }

    @inline(__always)
    public static func == (a: Dims, b: Dims) -> Bool {
        if a.count != b.count { return false }
        for i in 0..<a.count where a[i] != b[i] { return false }
        return true
    }

    public func hash(into hasher: inout Hasher) {
        for value in self { hasher.combine(value) }
    }

    /// Puts an entry behind the last one.
    public mutating func append(_ value: Int) { insert(value, at: count) }

    /// Puts an entry at position `i`, 0...count, in front of the one that is there.
    public mutating func insert(_ value: Int, at i: Int) {
        var values = array
        values.insert(value, at: i)
        self = Dims(values)
    }

    /// Takes out the entry at position `i`, 0..<count.
    public mutating func remove(at i: Int) {
        var values = array
        values.remove(at: i)
        self = Dims(values)
    }

    /// The same integers as an array.
    public var array: [Int] { (0..<count).map { self[$0] } }

    /// The product of the entries, or nil where it does not fit an Int, one is negative, or the list
    /// is too long for a tensor; 1 for none.
    var checkedProduct: Int? {
        if count > Self.capacity { return nil }
        var result = 1
        var (overflow, isEmpty, isNegative) = (false, false, false)
        for i in 0..<count {
            let size = self[i]
            let (product, over) = result.multipliedReportingOverflow(by: size)
            result = product
            overflow = overflow || over
            isEmpty = isEmpty || size == 0
            isNegative = isNegative || size < 0
        }
        if isNegative { return nil }
        return isEmpty ? 0 : overflow ? nil : result
    }

    /// The product of the entries; 1 for none.
    public var product: Int {
        var result = 1
        for i in 0..<count { result = result &* self[i] }
        return result
    }
}

extension Dims: ExpressibleByArrayLiteral, CustomStringConvertible {
    public init(arrayLiteral elements: Int...) { self.init(elements) }

    /// As an array prints: `[2, 3]`.
    public var description: String { array.description }
}
