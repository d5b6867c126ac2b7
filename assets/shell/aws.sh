#!/bin/sh
# The `aws` of Espera's shell: runs the one that is installed, and always tells it where practice AWS is,
# since versions of before 2023 do not know AWS_ENDPOINT_URL. In an account it adds nothing.

# Folders of Espera's own commands are passed over, so that two of them cannot call each other for ever.
real=
rest=$PATH:
while [ -n "$rest" ]; do
  dir=${rest%%:*}
  rest=${rest#*:}
  if [ -n "$dir" ] && [ ! -e "$dir/.espera" ] && [ -f "$dir/aws" ] && [ -x "$dir/aws" ]; then
    real=$dir/aws
    break
  fi
done

if [ -z "$real" ]; then
  if [ "$ESPERA_LANG" = en ]; then
    set -- 'No `aws` is installed here. Two ways:' \
      '  - In another terminal: `pip install awscli`, or' \
      '    https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html' \
      '    Then come back: this command will find it.' \
      '  - Without it: `exit`, and `d` does what the step asks. Nothing in the module needs `aws`.'
  else
    set -- 'Aquí no hay un `aws` instalado. Dos caminos:' \
      '  - En otra terminal: `pip install awscli`, o' \
      '    https://docs.aws.amazon.com/es_es/cli/latest/userguide/getting-started-install.html' \
      '    Después vuelve: esta orden lo encontrará.' \
      '  - Sin él: `exit`, y la tecla `d` hace lo que pide el paso. Nada del módulo necesita `aws`.'
  fi
  printf '%s\n' "$@" >&2
  exit 127
fi

if [ -n "$ESPERA_ENDPOINT" ]; then
  given=
  for word in "$@"; do
    case $word in --endpoint-url | --endpoint-url=*) given=yes ;; esac
  done
  [ -n "$given" ] || set -- --endpoint-url "$ESPERA_ENDPOINT" "$@"
fi
exec "$real" "$@"
