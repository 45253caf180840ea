# The types of the scripts in static/, by a compiler that Node runs; nothing else here needs Node.
if command -v npm >/dev/null; then
  exec npx --yes --package typescript@5.9.3 -- tsc --project tsconfig.json
fi
echo 'the scripts in static/ were not checked: Node and npm are not on this machine' >&2
