/// Where the records of a recording go.
enum TraceSink {
    case memory(TraceDocument)
    case file(TraceFileOutput)

    mutating func put(_ record: TraceRecord) {
        switch self {
        case .memory(var document):
            // The copy that the enumeration holds would double the array at every append.
            self = .memory(TraceDocument())
            document.append(record)
            self = .memory(document)
        case .file(let output): output.put(record)
        }
    }

    /// Hands everything so far to the thread that writes the file.
    func flush() {
        if case .file(let output) = self { output.flush() }
    }

    /// Waits until everything so far is in the file.
    func drain() {
        if case .file(let output) = self { output.drain() }
    }
}
