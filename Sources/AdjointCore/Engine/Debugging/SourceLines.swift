// Return addresses become "File.swift:12" here. Goals in order: to name the line that the user of
// the library wrote; never to guess; to cost nothing until an error is told.

import Synchronization

#if os(Linux) && canImport(Runtime)
    @_spi(Internal) import Runtime
#endif

/// Names the calls of traces.
package enum SourceLines {
    /// One call of a trace; several at one address where the compiler merged functions.
    struct Call: Sendable {
        let path: String
        let line: Int
        let column: Int
        let function: String
        let isThunk: Bool

        var fileName: String { path.split(separator: "/").last.map(String.init) ?? path }
        /// True for code that a macro made, which the compiler keeps in a file of its own.
        var isExpansion: Bool { fileName.hasPrefix("@__swiftmacro_") }
    }

    private static let known = Mutex<[UInt: [Call]]>([:])

    /// The folders of the library's own sources: calls from there are not the user's. The compiler
    /// writes whole paths, or paths from the package's root.
    private static let folders: [String] = {
        let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        let root = parts.dropLast(5).map { $0 + "/" }.joined()
        let folders = modules.map { "Sources/\($0)/" }
        return folders + folders.map { root + $0 }
    }()

    private static let modules = [
        "AdjointCore", "AdjointNN", "AdjointOptim", "AdjointData", "AdjointTesting",
        "AdjointTrainer", "AdjointTrace", "Adjoint",
    ]
    /// How the mangled names of their functions begin.
    private static let manglings = modules.map { "$s\($0.count)\($0)" }

    private static func isLibrary(_ path: String) -> Bool {
        folders.contains { path.hasPrefix($0) }
    }

    /// How to switch on the recording of lines; the last sentence of errors without them.
    package static let howTo =
        "To see the source lines, run this inside detectAnomaly { } or with ADJOINT_DEBUG=1"

    /// The innermost call outside the library.
    static func userLine(of trace: Trace) -> String {
        prepare([trace])
        let places = known.withLock { known in trace.addresses.map { known[$0] ?? [] } }
        for calls in places {
            // Where a macro was expanded inline, the line that holds the macro follows it.
            guard
                let call = calls.first(where: { isUser($0) && !$0.isExpansion })
                    ?? calls.first(where: isUser)
            else { continue }
            return call.isExpansion ? macroLine(call) : "\(call.fileName):\(call.line)"
        }
        for call in places.joined()
        where !call.function.isEmpty && !call.isThunk && call.path.isEmpty {
            return "\(call.function) (its line is unknown: build with -g)"
        }
        return unknown(trace)
    }

    /// The types whose `callAsFunction` was running, outermost first: the path of modules.
    static func modules(of trace: Trace) -> [String] {
        var found: [String] = []
        for call in calls(of: trace).reversed() where !call.isThunk {
            guard let end = call.function.firstRange(of: ".callAsFunction(") else { continue }
            let type = call.function[..<end.lowerBound].split(separator: " ").last ?? ""
            let name = String(type.split(separator: ".").last ?? type)
            if !name.isEmpty, found.last != name { found.append(name) }
        }
        return found
    }

    /// Looks the addresses of many traces up at once, which is much cheaper than one by one.
    static func prepare(_ traces: some Sequence<Trace>) {
        var missing: Set<UInt> = []
        known.withLock { known in
            for trace in traces {
                for address in trace.addresses where known[address] == nil {
                    missing.insert(address)
                }
            }
        }
        if missing.isEmpty { return }
        let sorted = missing.sorted()
        let found = MappedMemory.exclusively { lookUp(sorted) }
        known.withLock { known in
            for address in missing { known[address] = found[address] ?? [] }
        }
    }

    static func calls(of trace: Trace) -> [Call] {
        prepare([trace])
        return known.withLock { known in trace.addresses.flatMap { known[$0] ?? [] } }
    }

    static func isUser(_ call: Call) -> Bool {
        // Paths of C files may be relative; the library's functions there start alike.
        call.line > 0 && !call.isThunk && !call.path.isEmpty && !isLibrary(call.path)
            && !call.path.hasSuffix("<compiler-generated>") && !call.function.hasPrefix("adj_")
            // A sanitizer stands between the library and what walks the stack.
            && !call.fileName.hasPrefix("sanitizer_")
    }

    /// The line of a macro whose expansion made the call, from the name that the compiler gives
    /// the expansion's file: module, punycoded file name, then MX and the line from 0.
    private static func macroLine(_ call: Call) -> String {
        macroPlace(call).map { "\($0.file):\($0.line) (in a macro there)" }
            ?? "\(call.fileName):\(call.line)"
    }

    static func macroPlace(_ call: Call) -> (file: String, line: Int)? {
        guard
            let match = call.fileName.firstMatch(
                of: /[0-9]{4}([A-Za-z]\w*?)swift_\w*?MX([0-9]+)_/), let line = Int(match.2)
        else { return nil }
        return ("\(match.1).swift", line + 1)
    }

    private static func unknown(_ trace: Trace) -> String {
        guard let first = trace.addresses.dropFirst(4).first ?? trace.addresses.first else {
            return "a line that this platform cannot tell"
        }
        return "a line without debug information, near address 0x" + String(first, radix: 16)
    }

    #if os(Linux) && canImport(Runtime)
        private static var architecture: String {
            #if arch(arm64)
                "arm64"
            #elseif arch(x86_64)
                "x86_64"
            #elseif arch(arm)
                "arm"
            #else
                "i386"
            #endif
        }

        private static func lookUp(_ addresses: [UInt]) -> [UInt: [Call]] {
            let images = ImageMap.capture()
            // Finding a line reads the program's line table from its beginning; finding a name is
            // quick, and enough for what is surely no user's call.
            var found: [UInt: [Call]] = [:]
            add(addresses, images, [.useSymbolCache], to: &found) {
                isOwn($0) ? folders[0] : nil
            }
            let others = addresses.filter { found[$0] == nil }
            add(others, images, .default, to: &found) { $0.sourceLocation?.path ?? "" }
            return found
        }

        /// Adds what is at the addresses, where `path` tells one.
        private static func add(
            _ addresses: [UInt], _ images: ImageMap, _ options: Backtrace.SymbolicationOptions,
            to found: inout [UInt: [Call]], _ path: (SymbolicatedBacktrace.Symbol) -> String?
        ) {
            let frames = addresses.map { RichFrame<UInt64>.returnAddress(UInt64($0)) }
            let trace = Backtrace(architecture: architecture, frames: frames, images: images)
            guard let named = trace.symbolicated(with: images, options: options) else { return }
            for frame in named.frames {
                guard let address = UInt(frame.captured.originalProgramCounter),
                    let symbol = frame.symbol, let path = path(symbol)
                else { continue }
                found[address, default: []].append(
                    Call(
                        path: path, line: symbol.sourceLocation?.line ?? 0,
                        column: symbol.sourceLocation?.column ?? 0, function: symbol.name,
                        isThunk: frame.isSwiftThunk || frame.isSwiftRuntimeFailure))
            }
        }

        /// True for the library's own code. A function that was specialised for a closure may hold
        /// a user's.
        private static func isOwn(_ symbol: SymbolicatedBacktrace.Symbol) -> Bool {
            let name = symbol.rawName
            if name.hasPrefix("adj_") { return true }
            return manglings.contains { name.hasPrefix($0) } && !name.contains(/Tf[0-9][a-z0-9]*c/)
        }
    #else
        private static func lookUp(_ addresses: [UInt]) -> [UInt: [Call]] { [:] }
    #endif
}
