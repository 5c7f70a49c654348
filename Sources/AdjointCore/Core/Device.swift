/// Where a tensor's elements live.
public struct Device: Sendable, Hashable, CustomStringConvertible {
    enum Kind: UInt8 { case cpu, meta, cuda }
    let kind: Kind
    let index: UInt8

    /// The processor's own memory.
    public static let cpu = Device(kind: .cpu, index: 0)
    /// Shapes and types without data: operations run their rules and compute nothing.
    public static let meta = Device(kind: .meta, index: 0)
    /// A graphics card. None is supported yet: making a tensor there is an error of kind `.device`.
    public static func cuda(_ index: Int = 0) -> Device {
        Device(kind: .cuda, index: UInt8(clamping: index))
    }

    public var description: String {
        switch kind {
        case .cpu: "cpu"
        case .meta: "meta"
        case .cuda: "cuda:\(index)"
        }
    }
}
